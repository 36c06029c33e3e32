"""Questionnaires and survey rounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import Place, sample
from tests.factories.hear import workbook

from qiao.base.i18n import localized
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Call, Invitation, QuestionnaireVersion
from qiao.hear.surveys.queries import POINTS
from qiao.hear.surveys.services.collectors import add_collector


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


@sample("surveys:check", "surveys:change")
def planned(place: Place) -> Mapping[str, object]:
    """A planned round."""
    survey = services.plan_round(
        actor=place.actor("survey_owner"), now=place.now, version=_version(place), unit=place.unit,
        title=localized(f"{place.sign}需求调查", "Needs survey"), asked="census", opens=place.now,
        closes=place.now + timedelta(days=10), purpose=localized(f"{place.sign}了解需求", "To learn what is needed"),
    )  # fmt: skip
    return {"code": survey.code}


def _pass(place: Place, code: str) -> None:
    held = {key: True for key, _label in POINTS}
    services.pass_plan(actor=place.actor("dpo"), now=place.now, code=code, points=held)


@sample("surveys:draw", "surveys:open", gone="the round is not drawn yet")
def checked(place: Place) -> Mapping[str, object]:
    """A round whose plan was passed."""
    code = str(planned(place)["code"])
    _pass(place, code)
    return {"code": code}


@sample("surveys:union")
def asking_unions(place: Place) -> Mapping[str, object]:
    """An open round of base unions."""
    survey = services.plan_round(
        actor=place.actor("survey_owner"), now=place.now, version=_version(place), unit=place.unit,
        title=localized(f"{place.sign}基层调查", "Survey of unions"), asked="base_unions", opens=place.now,
        closes=place.now + timedelta(days=10), purpose=localized(f"{place.sign}了解基层", "To learn of base unions"),
    )  # fmt: skip
    _pass(place, survey.code)
    services.draw_round(actor=place.actor("sample_drawer"), now=place.now, code=survey.code)
    services.open_round(actor=place.actor("survey_owner"), now=place.now, code=survey.code)
    return {"code": survey.code}


@sample("surveys:ask", gone="the list is each interviewer's own")
def called(place: Place) -> Mapping[str, object]:
    """Somebody on an interviewer's list."""
    code = str(place.other(opened)["code"])
    invitation = Invitation.objects.filter(round__code=code, call__isnull=True).order_by("pk").first()
    assert invitation is not None
    made = Call.objects.create(invitation=invitation, interviewer=place.account("interviewer"))
    return {"code": code, "call": made.pk}


@sample("surveys:stack")
def stack(place: Place) -> Mapping[str, object]:
    """A stack of paper being typed."""
    code = str(place.other(opened)["code"])
    batch = services.open_batch(actor=place.actor("interviewer"), now=place.now, code=code, expected=3)
    return {"code": code, "batch": batch.code}


@sample("surveys:*")
def opened(place: Place) -> Mapping[str, object]:
    """An open round."""
    code = str(planned(place)["code"])
    _pass(place, code)
    services.draw_round(actor=place.actor("sample_drawer"), now=place.now, code=code)
    services.open_round(actor=place.actor("survey_owner"), now=place.now, code=code)
    return {"code": code}


@sample("surveys:mine", gone="the survey is not one's own to answer, or needs signing in")
def mine(place: Place) -> Mapping[str, object]:
    """An open round."""
    return place.other(opened)


@sample("surveys:answer", gone="nobody was given this code")
def code(place: Place) -> Mapping[str, object]:
    """A single-use code nobody was given."""
    return {"code": "ABCD-EFGH"}


@sample("surveys:collect_media_by_token", gone="the questionnaire has no pictures")
@sample(
    "surveys:collect_list_by_token",
    "surveys:collect_form_by_token",
    "surveys:collect_manifest_by_token",
    "surveys:collect_submission_by_token",
)
def collector(place: Place) -> Mapping[str, object]:
    """A collector's access to an open round."""
    token = add_collector(
        actor=place.actor("survey_owner"), now=place.now, code=str(place.other(opened)["code"]), name=f"{place.sign}甲"
    )
    return {"token": token, "name": "picture.jpg"}


@sample(
    "surveys:collect_list",
    "surveys:collect_form",
    "surveys:collect_manifest",
    "surveys:collect_media",
    "surveys:collect_submission",
    gone="a collector says who they are with every request",
)
def collector_by_password(place: Place) -> Mapping[str, object]:
    """The addresses for a collector with a password."""
    return {"name": "picture.jpg"}
