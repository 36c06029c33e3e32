"""Questionnaires, survey rounds and needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from tests.architecture.samples import Place, sample
from tests.factories.hear import workbook

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.needs.models import Need, Sheet, Topic, TopicSet, TopicStep, TopicText
from qiao.hear.needs.services import (
    draft_digest,
    draft_sheet,
    draw_panel,
    publish_sheet,
    raise_candidate,
    raise_finding,
    seat_scorers,
)
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Call, Invitation, QuestionnaireVersion
from qiao.hear.surveys.queries import POINTS


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


@sample(
    "surveys:collect_list_by_token",
    "surveys:collect_form_by_token",
    "surveys:collect_manifest_by_token",
    "surveys:collect_media_by_token",
    "surveys:collect_submission_by_token",
    gone="nobody was given this access",
)
def collector(place: Place) -> Mapping[str, object]:
    """A collector's token nobody was given."""
    return {"token": "nobodys", "name": "picture.jpg"}


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


def _need(place: Place) -> Need:
    return raise_finding(
        actor=SYSTEM, now=place.now, unit=place.unit, title=localized(f"{place.sign}夜班没有车", "No bus at night"),
        detail=localized("细", "detail"), share=0.6, lower=0.55, upper=0.65, n=300, rate=0.3, source_code="E-1",
    )  # fmt: skip


@sample("needs:*")
def need(place: Place) -> Mapping[str, object]:
    """A published need."""
    return {"code": _need(place).code}


@sample("needs:word", "needs:check", "needs:publish", "needs:drop", gone="the need is published already")
def published_need(place: Place) -> Mapping[str, object]:
    """A published need."""
    return place.other(need)


def _set(place: Place) -> tuple[TopicSet, Topic, TopicText]:
    made = TopicSet.objects.create(
        code=f"TS-{place.label}", unit=place.unit, title=localized(f"{place.sign}的话", "Words"), state="ready", seed=1,
        asked=place.now, ready=place.now, texts=2, people=2,
    )  # fmt: skip
    topic = Topic.objects.create(topic_set=made, number=1, name=localized(f"{place.sign}交通", "Transport"), people=2)
    row = TopicText.objects.create(
        topic_set=made, topic=topic, source_code="S-1", text=f"{place.sign}没有车", people=2, copies=2, members=99
    )  # fmt: skip
    return made, topic, row


@sample("needs:topic_set", "needs:undo", "needs:topic", "needs:shape", "needs:quote")
def topics(place: Place) -> Mapping[str, object]:
    """A set of topics with one topic and one text."""
    made, topic, row = _set(place)
    step = TopicStep.objects.create(
        topic_set=made, kind="rename", at=place.now, actor_name="x", topics=[1],
        detail={"before": [{"id": topic.pk, "name": {}, "state": "open", "into_id": None, "people": 2, "texts": 2}]},
    )  # fmt: skip
    return {"code": made.code, "number": topic.number, "row": row.pk, "step": step.pk}


@sample("needs:digest", "needs:digest_table", "needs:digest_word", "needs:digest_advance", gone="it is a draft")
def digest(place: Place) -> Mapping[str, object]:
    """A drafted digest."""
    _need(place)
    today = place.now.date()
    made = draft_digest(
        actor=place.actor("analyst"), now=place.now + timedelta(days=2), unit=place.unit,
        since=today - timedelta(days=20), until=today + timedelta(days=1),
    )  # fmt: skip
    return {"code": made.code}


def _sheet(place: Place) -> Sheet:
    keeper = place.actor("secretary")
    sheet = draft_sheet(actor=keeper, now=place.now, unit=place.unit, title=localized(f"{place.sign}任务", "Tasks"))
    seats = [place.account("org_officer").pk, place.account("executive").pk]
    seat_scorers(actor=keeper, now=place.now, code=sheet.code, account_ids=seats)
    draw_panel(actor=keeper, now=place.now, code=sheet.code)
    return publish_sheet(actor=keeper, now=place.now, code=sheet.code)


@sample("needs:sheet", "needs:keep_sheet", "needs:raise_candidate", gone="it asks for a choice first")
def sheet(place: Place) -> Mapping[str, object]:
    """A published sheet."""
    return {"code": _sheet(place).code}


@sample("needs:candidate", "needs:close_panel", "needs:decide", "proposals:from_candidate")
def candidate(place: Place) -> Mapping[str, object]:
    """A raised candidate."""
    made = raise_candidate(
        actor=place.actor("secretary"), now=place.now, sheet_code=_sheet(place).code,
        title=localized(f"{place.sign}夜班公交", "Night bus"), text=localized("细", "detail"), cost=Decimal(1),
        need_codes=[_need(place).code],
    )  # fmt: skip
    return {"code": made.code}


@sample("needs:score", "needs:speak", gone="only who has a seat at the panel opens it")
def seated(place: Place) -> Mapping[str, object]:
    """A raised candidate."""
    return place.other(candidate)


@sample("needs:derive", gone="the round is not closed yet")
def to_derive(place: Place) -> Mapping[str, object]:
    """An open round."""
    return place.other(opened)
