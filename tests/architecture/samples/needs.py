"""Needs, topics, digests and candidates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from tests.architecture.samples import Place, sample
from tests.architecture.samples.hear import opened

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.needs.models import Need, Sheet, Topic, TopicSet, TopicText
from qiao.hear.needs.services import (
    draft_digest,
    draft_sheet,
    draw_panel,
    publish_sheet,
    raise_candidate,
    raise_finding,
    rename_topic,
    seat_scorers,
)


def _need(place: Place) -> Need:
    return raise_finding(
        actor=SYSTEM, now=place.now, unit=place.unit, title=localized(f"{place.sign}夜班没有车", "No bus at night"),
        detail=localized("细", "detail"), share=0.6, lower=0.55, upper=0.65, n=300, rate=0.3, source_code="E-1",
    )  # fmt: skip


@sample("needs:*")
def need(place: Place) -> Mapping[str, object]:
    """A published need."""
    return {"code": _need(place).code}


@sample("needs:follow", shared="whoever is signed in follows any published need: it is public")
def followed(place: Place) -> Mapping[str, object]:
    """A published need."""
    return place.other(need)


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
    """A set of topics with one topic, one text, and a step that can be undone."""
    made, topic, row = _set(place)
    rename_topic(
        actor=place.actor("analyst"), now=place.now, topic_id=topic.pk, name=localized(f"{place.sign}公交", "Buses")
    )
    step = made.steps.get()
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
