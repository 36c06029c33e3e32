"""Rounds whose results are out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tests.architecture.samples import LONG_AGO, Place, sample
from tests.factories.hear import workbook

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries import POINTS, round_by_code
from qiao.org.membership.choices import Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.people.models import Person
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit

#: Enough for the floor below which nothing is published.
ANSWERS = 40


def weighted(place: Place) -> Round:
    """A census of a base union of its own, answered by all, closed and weighted."""
    begun = place.now - timedelta(days=20)
    unit = found_unit(
        actor=SYSTEM, now=begun, kind=UnitKind.BASE, name=localized(f"{place.sign}机车厂工会", f"{place.sign} works"),
        label=f"{place.label}-RESULTS", parent=place.unit, founded=LONG_AGO,
    )  # fmt: skip
    people = Person.objects.bulk_create([Person(name=f"{place.sign}{number}") for number in range(ANSWERS)])
    Membership.objects.bulk_create(
        Membership(
            person=person, unit=unit, state=Standing.ACTIVE, since=date(2020, 1, 1),
            employment=Employment.AGENCY if number % 2 else Employment.DIRECT,
        )
        for number, person in enumerate(people)
    )  # fmt: skip
    owner = place.actor("survey_owner")
    version = services.upload_questionnaire(
        actor=owner, now=begun, unit=unit, title=localized(f"{place.sign}问卷", "Questionnaire"),
        file_name="form.xlsx", content=workbook(),
    )  # fmt: skip
    survey = services.plan_round(
        actor=owner, now=begun, version=version, unit=unit, title=localized(f"{place.sign}调查结果", "Results"),
        asked="census", opens=begun, closes=begun + timedelta(days=10),
        purpose=localized(f"{place.sign}了解需求", "To learn what is needed"),
    )  # fmt: skip
    services.pass_plan(
        actor=place.actor("dpo"), now=begun, code=survey.code, points={key: True for key, _label in POINTS}
    )
    services.draw_round(actor=place.actor("sample_drawer"), now=begun, code=survey.code)
    services.open_round(actor=owner, now=begun, code=survey.code)
    survey = round_by_code(survey.code)
    invited = Invitation.objects.filter(round=survey).order_by("pk")
    services.store_many(
        actor=SYSTEM, now=begun, survey=survey,
        answers=[
            (row.pk, {"ws_shift": "day" if k % 3 else "night", "need_first": ["pay"] if k % 4 else ["bus", "legal"]})
            for k, row in enumerate(invited)
        ],
    )  # fmt: skip
    services.close_round(actor=owner, now=survey.closes, code=survey.code)
    return services.weight_round(actor=place.actor("analyst"), now=survey.closes, code=survey.code)


@sample("surveys:weights", "surveys:publish")
def closed(place: Place) -> Mapping[str, object]:
    """A weighted round, not published yet."""
    return {"code": weighted(place).code}


@sample("surveys:report", "surveys:full_report", "surveys:report_file", "surveys:full_file")
def published(place: Place) -> Mapping[str, object]:
    """A published round and one of its files."""
    code = str(place.other(closed)["code"])
    survey = services.publish_results(actor=place.actor("survey_owner"), now=place.now, code=code)
    return {"code": survey.code, "name": "bundle.zip"}


@sample("surveys:file")
def figures(place: Place) -> Mapping[str, object]:
    """The figures of a published round as a table."""
    return {**place.other(published), "name": "figures.csv"}
