"""A topic becomes a need: from then on it is checked, published and answered within its clock as any other."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.needs.choices import NeedKind, SetState, TopicState
from qiao.hear.needs.models import Need, Topic, TopicSet
from qiao.hear.needs.queries.requests import PREFIX
from qiao_stats.disclosure import DELICATE, ORDINARY


def raise_topic(*, actor: Actor, now: datetime, topic_id: int) -> Need:
    """Draft a need from a named topic, worded by who raises it; a second analyst checks it. Twice is harmless.

    Its share is that of the people who wrote in their own words, counted and not estimated: it has no interval, because
    who writes is no sample. Raises Refused, Problem for a topic without a name, not in the list, or of too few people.
    """
    with atomic():
        found = Topic.objects.select_related("topic_set").get(pk=topic_id)
        made = TopicSet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=found.topic_set_id)
        require(actor, "need.publish", made.unit.path)
        topic = Topic.objects.get(pk=topic_id)
        before = Need.objects.filter(code=topic.need_code).first() if topic.need_code else None
        if before is not None:
            return before
        if made.state != SetState.READY or topic.state != TopicState.OPEN:
            raise Problem("Topic %(number)d is no longer in the list: look at it again.", number=topic.number)
        if not topic.name:
            raise Problem("Give the topic a name first.")
        codes = [str(source["code"]) for source in made.sources]
        least = DELICATE if any(code.startswith(PREFIX) for code in codes) else ORDINARY
        if topic.people < least:
            raise Problem("Fewer than %(least)d people wrote of this: it is told to nobody in numbers.", least=least)
        share = min(topic.people / max(made.people, 1), 1.0)
        need = Need.objects.create(
            code=next_code("N"), kind=NeedKind.TOPIC, unit=made.unit, title=topic.name, share=share, lower=share,
            upper=share, n=max(made.people, topic.people), source_code=_source(made, codes), drafted=now,
            item=f"{made.code}/{topic.number}", worded_by=actor.account_id,
        )  # fmt: skip
        topic.need_code = need.code
        topic.save(update_fields=["need_code"])
        audit.record(
            actor=actor, now=now, action="topic.raise", code=need.code, unit_path=made.unit.path,
            detail={"set": made.code, "topic": topic.number},
        )  # fmt: skip
    return need


def _source(made: TopicSet, codes: list[str]) -> str:
    """The survey round the words are from, so that its thread goes on; the set itself where there are several."""
    return codes[0] if len(codes) == 1 and codes[0].startswith("S-") else made.code
