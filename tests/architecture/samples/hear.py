"""Questionnaires, survey rounds and needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import Place, sample
from tests.factories.hear import workbook

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.needs.models import Need
from qiao.hear.needs.services import raise_finding
from qiao.hear.surveys import services
from qiao.hear.surveys.models import QuestionnaireVersion


def _version(place: Place) -> QuestionnaireVersion:
    return services.upload_questionnaire(
        actor=place.actor("survey_owner"), now=place.now, unit=place.unit,
        title=localized(f"{place.sign}问卷", "Questionnaire"), file_name="form.xlsx", content=workbook(),
    )  # fmt: skip


@sample("surveys:questionnaire", "surveys:version_file")
def questionnaire(place: Place) -> Mapping[str, object]:
    """An uploaded questionnaire."""
    version = _version(place)
    return {"code": version.questionnaire.code, "number": version.number}


@sample("surveys:draw", "surveys:open")
def planned(place: Place) -> Mapping[str, object]:
    """A planned round."""
    survey = services.plan_round(
        actor=place.actor("survey_owner"), now=place.now, version=_version(place), unit=place.unit,
        title=localized(f"{place.sign}需求调查", "Needs survey"), asked="census", opens=place.now,
        closes=place.now + timedelta(days=10),
    )  # fmt: skip
    return {"code": survey.code}


@sample("surveys:*")
def opened(place: Place) -> Mapping[str, object]:
    """An open round."""
    code = str(planned(place)["code"])
    services.draw_round(actor=place.actor("sample_drawer"), now=place.now, code=code)
    services.open_round(actor=place.actor("survey_owner"), now=place.now, code=code)
    return {"code": code}


@sample("surveys:file", gone="the round is not closed yet")
def file(place: Place) -> Mapping[str, object]:
    """A file of a round."""
    return {**place.other(opened), "name": "tables.csv"}


@sample("surveys:mine", gone="the survey is not one's own to answer, or needs signing in")
def mine(place: Place) -> Mapping[str, object]:
    """An open round."""
    return place.other(opened)


@sample("surveys:answer", gone="nobody was given this code")
def code(place: Place) -> Mapping[str, object]:
    """A single-use code nobody was given."""
    return {"code": "ABCD-EFGH"}


def _need(place: Place) -> Need:
    return raise_finding(
        actor=SYSTEM, now=place.now, unit=place.unit, title=localized(f"{place.sign}夜班没有车", "No bus at night"),
        detail=localized("细", "detail"), share=0.6, lower=0.55, upper=0.65, n=300, rate=0.3, source_code="E-1",
    )  # fmt: skip


@sample("needs:*")
def need(place: Place) -> Mapping[str, object]:
    """A published need."""
    return {"code": _need(place).code}


@sample("needs:derive", gone="the round is not closed yet")
def to_derive(place: Place) -> Mapping[str, object]:
    """An open round."""
    return place.other(opened)
