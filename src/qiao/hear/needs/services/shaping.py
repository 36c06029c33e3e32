"""What analysts make of topics: named, merged, split, set aside, and undone. Every step leaves its trace.

Each different text is in one topic or in none, before and after every step. A step locks the set, keeps what it
changes, and can be undone as long as no later step stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet, Sum

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs.choices import SetState, StepKind, TopicState
from qiao.hear.needs.models import Quote, Topic, TopicSet, TopicStep, TopicText

_KEPT = ("name", "state", "into_id", "people", "texts")


def rename_topic(*, actor: Actor, now: datetime, topic_id: int, name: Localized) -> Topic:
    """Give a topic a name people understand. The same again is harmless.

    Raises Refused, Problem for a topic that was merged or split, Problems for personal data.
    """
    if not name:
        raise Problem("Write a name.")
    require_clean({"title": name})
    with atomic():
        made, (topic,) = locked_topics(actor, [topic_id])
        if topic.name == name:
            return topic
        before = _as_is([topic])
        topic.name = name
        topic.save(update_fields=["name"])
        note_step(made, StepKind.RENAME, [topic], before, actor=actor, now=now)
    return topic


def merge_topics(*, actor: Actor, now: datetime, topic_ids: Sequence[int], into_id: int) -> Topic:
    """Merge topics into one of their set, with all their texts and approved quotes.

    Raises Refused, Problem for one topic alone, topics of several sets, or one that is no longer in the list.
    """
    others = [topic_id for topic_id in dict.fromkeys(topic_ids) if topic_id != into_id]
    if not others:
        raise Problem("Choose at least one other topic to merge.")
    with atomic():
        made, topics = locked_topics(actor, [into_id, *others])
        target, merged = topics[0], topics[1:]
        before = _as_is(topics)
        moved = _move(TopicText.objects.filter(topic__in=merged), target)
        quotes = dict(Quote.objects.filter(topic__in=merged).values_list("pk", "topic_id"))
        Quote.objects.filter(pk__in=quotes).update(topic=target)
        for topic in merged:
            topic.state, topic.into = TopicState.MERGED, target
            topic.save(update_fields=["state", "into"])
        _count(*topics)
        note_step(made, StepKind.MERGE, topics, before, actor=actor, now=now, moved=moved, quotes=quotes)
    return target


def split_topic(*, actor: Actor, now: datetime, topic_id: int, row_ids: Sequence[UUID], name: Localized) -> Topic:
    """Take some texts out of a topic into a new one.

    Raises Refused, Problem for texts that are not in the topic, or when none would stay.
    """
    if not name:
        raise Problem("Write a name.")
    require_clean({"title": name})
    wanted = set(row_ids)
    with atomic():
        made, (topic,) = locked_topics(actor, [topic_id])
        rows = TopicText.objects.filter(topic=topic, pk__in=wanted)
        if not wanted or rows.count() != len(wanted):
            raise Problem("Choose texts of this topic: somebody may have moved some of them meanwhile.")
        if not TopicText.objects.filter(topic=topic).exclude(pk__in=wanted).exists():
            raise Problem("Some texts have to stay: give the topic another name instead.")
        before = _as_is([topic])
        last = Topic.objects.filter(topic_set=made).aggregate(last=Max("number"))["last"]
        new = Topic.objects.create(topic_set=made, number=last + 1, name=name, words=topic.words)
        moved = _move(rows, new)
        _count(topic, new)
        note_step(made, StepKind.SPLIT, [topic, new], before, actor=actor, now=now, moved=moved, made=[new.pk])
    return new


def set_aside(*, actor: Actor, now: datetime, topic_id: int, ground: str) -> Topic:
    """Take a topic that is no need out of the list, with its texts. Raises Refused, Problem without a ground."""
    if not ground.strip():
        raise Problem("Say why the topic is set aside.")
    return _to_state(actor, now, topic_id, TopicState.ASIDE, StepKind.ASIDE, ground.strip()[:300])


def take_back(*, actor: Actor, now: datetime, topic_id: int) -> Topic:
    """Put a topic that was set aside back into the list. Raises Refused."""
    return _to_state(actor, now, topic_id, TopicState.OPEN, StepKind.BACK, "")


def undo_step(*, actor: Actor, now: datetime, step_id: int) -> TopicStep:
    """Go back behind the last step that still stands. Twice is harmless.

    Raises Refused, Problem where a later step stands or a quote has changed since.
    """
    with atomic():
        step = TopicStep.objects.select_related("topic_set").get(pk=step_id)
        made = _set(actor, step.topic_set_id)
        done = TopicStep.objects.filter(undoes=step).first()
        if done is not None:
            return done
        if step.kind == StepKind.UNDO:
            raise Problem("An undo is not undone: take the step again.")
        standing = (
            TopicStep.objects.filter(topic_set=made, undone__isnull=True).exclude(kind=StepKind.UNDO).order_by("-pk")
        )
        if standing.first() != step:
            raise Problem("Undo the later steps first.")
        _restore(step, now)
        back = TopicStep.objects.create(
            topic_set=made, kind=StepKind.UNDO, at=now, account_id=actor.account_id, actor_name=actor.name,
            topics=step.topics, undoes=step,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="topic.undo", code=made.code, unit_path=made.unit.path,
            detail={"step": step.pk},
        )  # fmt: skip
    return back


def _restore(step: TopicStep, now: datetime) -> None:
    """Put topics and texts back as the step found them."""
    if step.kind == StepKind.QUOTE:
        Quote.objects.filter(pk=step.detail["quote"]).update(withdrawn=now)
    if step.kind == StepKind.UNQUOTE:
        Quote.objects.filter(pk=step.detail["quote"]).update(withdrawn=None)
    kept = {int(row["id"]): row for row in step.detail.get("before", [])}
    topics = {topic.pk: topic for topic in Topic.objects.filter(pk__in=kept)}
    back: dict[int | None, list[str]] = {}
    for row_id, source in step.detail.get("moved", {}).items():
        back.setdefault(source, []).append(row_id)
    for source, rows in back.items():
        TopicText.objects.filter(pk__in=rows).update(topic_id=source)
    for quote, source in step.detail.get("quotes", {}).items():
        Quote.objects.filter(pk=int(quote)).update(topic_id=source)
    for key, topic in topics.items():
        for field in _KEPT:
            setattr(topic, field, kept[key][field])
        topic.save(update_fields=["name", "state", "into", "people", "texts"])
    # A topic a split had made goes again; its texts are back where they were.
    Quote.objects.filter(topic__in=step.detail.get("made", [])).delete()
    Topic.objects.filter(pk__in=step.detail.get("made", [])).update(
        state=TopicState.SPLIT, people=0, texts=0, into=None
    )


def _to_state(actor: Actor, now: datetime, topic_id: int, wanted: TopicState, kind: StepKind, ground: str) -> Topic:
    with atomic():
        allowed = (TopicState.OPEN, TopicState.ASIDE)
        made, (topic,) = locked_topics(actor, [topic_id], allowed)
        if topic.state == wanted:
            return topic
        before = _as_is([topic])
        topic.state = wanted
        topic.save(update_fields=["state"])
        note_step(made, kind, [topic], before, actor=actor, now=now, ground=ground)
    return topic


def _set(actor: Actor, key: int) -> TopicSet:
    made = TopicSet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=key)
    require(actor, "need.publish", made.unit.path)
    if made.erased is not None:
        raise Problem("The texts of these topics are erased: the topics stay as they are.")
    if made.state != SetState.READY:
        raise Problem("These topics are not worked out yet.")
    return made


def locked_topics(
    actor: Actor, keys: Sequence[int], allowed: Sequence[str] = (TopicState.OPEN,)
) -> tuple[TopicSet, list[Topic]]:
    """The set, locked, and its topics in the order asked for: two analysts at once work one after the other."""
    known = {topic.pk: topic for topic in Topic.objects.filter(pk__in=keys)}
    sets = {topic.topic_set_id for topic in known.values()}
    if len(known) != len(set(keys)) or len(sets) != 1:
        raise Problem("Choose topics of one set.")
    made = _set(actor, sets.pop())
    # Read again behind the lock.
    fresh = {topic.pk: topic for topic in Topic.objects.filter(pk__in=keys)}
    for topic in fresh.values():
        if topic.state not in allowed:
            raise Problem("Topic %(number)d is no longer in the list: look at it again.", number=topic.number)
    return made, [fresh[key] for key in keys]


def _as_is(topics: Sequence[Topic]) -> list[dict[str, Any]]:
    return [{"id": topic.pk, **{field: getattr(topic, field) for field in _KEPT}} for topic in topics]


def _move(rows: QuerySet[TopicText], target: Topic) -> dict[str, int | None]:
    """Move texts, unopened, and say where each was."""
    was = dict(rows.values_list("pk", "topic_id"))
    rows.update(topic=target)
    return {str(row): topic for row, topic in was.items()}


def _count(*topics: Topic) -> None:
    for topic in topics:
        sums = TopicText.objects.filter(topic=topic).aggregate(people=Sum("people"), texts=Sum("copies"))
        topic.people, topic.texts = sums["people"] or 0, sums["texts"] or 0
        topic.save(update_fields=["people", "texts"])


def note_step(
    topic_set: TopicSet, kind: StepKind, topics: Sequence[Topic], before: Sequence[dict[str, Any]], *, actor: Actor,
    now: datetime, ground: str = "", moved: dict[str, int | None] | None = None, **more: object,
) -> TopicStep:  # fmt: skip
    """Keep the step, with what is needed to go back, and say so in the audit."""
    step = TopicStep.objects.create(
        topic_set=topic_set, kind=kind, at=now, account_id=actor.account_id, actor_name=actor.name, ground=ground,
        topics=[topic.number for topic in topics],
        detail={"before": list(before), **({"moved": moved} if moved else {}), **more},
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action=f"topic.{kind.value}", code=topic_set.code, unit_path=topic_set.unit.path,
        detail={"topics": [topic.number for topic in topics], "moved": len(moved or {})},
    )  # fmt: skip
    return step
