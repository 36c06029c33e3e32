"""Topics as analysts work on them and as others may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.hear.needs.choices import StepKind, TopicState
from qiao.hear.needs.models import Need, Quote, Topic, TopicSet, TopicStep, TopicText
from qiao.hear.needs.rules import quoting
from qiao.hear.needs.rules.settings import QUOTE_FLOOR
from qiao.org.settings.queries import value_of
from qiao.org.units.queries import units_at

#: Texts a page of one topic shows at once, and words that stand for a topic without a name.
PAGE, WORDS = 40, 4


def set_by_code(code: str) -> TopicSet:
    """The set with this code; raises TopicSet.DoesNotExist."""
    return TopicSet.objects.select_related("unit").get(code=code)


def sets(actor: Actor) -> QuerySet[TopicSet]:
    """Sets of the subtrees in which the actor works on needs; newest first."""
    return (
        TopicSet.objects.filter(unit__in=units_at(actor.paths("need.publish")).order_by())
        .select_related("unit")
        .order_by("-asked", "-pk")
    )


def topic_by_number(code: str, number: int) -> Topic:
    """One topic; raises Topic.DoesNotExist."""
    return Topic.objects.select_related("topic_set__unit", "into").get(topic_set__code=code, number=number)


def topic_name(topic: Topic) -> str:
    """Its name, else its first words."""
    return pick(topic.name) or " · ".join(topic.words[:WORDS])


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic in the list, with the quotes that are approved."""

    topic: Topic
    name: str
    quotes: tuple[str, ...]


def topics_of(topic_set: TopicSet) -> tuple[list[TopicRow], list[TopicRow]]:
    """Topics in the list, most people first, and those that were set aside."""
    topics = list(
        Topic.objects.filter(topic_set=topic_set, state__in=[TopicState.OPEN, TopicState.ASIDE]).order_by(
            "-people", "number"
        )
    )
    quotes: dict[int, list[str]] = {}
    for quote in Quote.objects.filter(topic__in=topics, withdrawn__isnull=True).order_by("pk"):
        quotes.setdefault(quote.topic_id, []).append(pick(quote.words))
    rows = [TopicRow(topic, topic_name(topic), tuple(quotes.get(topic.pk, ()))) for topic in topics]
    return (
        [row for row in rows if row.topic.state == TopicState.OPEN],
        [row for row in rows if row.topic.state == TopicState.ASIDE],
    )


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text of a topic, opened for who works on it, and how it may be quoted."""

    row: TopicText
    text: str
    as_it_is: bool
    at_all: bool


def texts_of_topic(topic: Topic, *, start: int = 0) -> list[TextRow]:
    """Texts of a topic from the middle outwards, a page of them."""
    floor = value_of(QUOTE_FLOOR, path=topic.topic_set.unit.path, on=localdate(topic.topic_set.asked))
    rows = TopicText.objects.filter(topic=topic).order_by("central", "pk")[start : start + PAGE]
    return [
        TextRow(row, str(row.text)[:600], quoting.may_quote_as_it_is(row, floor), quoting.large_enough(row, floor))
        for row in rows
    ]


def quotes_of(topic: Topic) -> Sequence[Quote]:
    """Approved quotes that were not withdrawn."""
    return list(Quote.objects.filter(topic=topic, withdrawn__isnull=True).order_by("pk"))


def need_of(topic: Topic) -> Need | None:
    """The need that was made of a topic; None where none was, or its draft was dropped."""
    return Need.objects.filter(code=topic.need_code).first() if topic.need_code else None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as the page lists it; ``gone``: it was undone."""

    step: TopicStep
    gone: bool


def steps_of(topic_set: TopicSet) -> tuple[list[StepRow], int | None]:
    """Every step, newest first, and the key of the one that can be undone now."""
    undone = set(
        TopicStep.objects.filter(topic_set=topic_set, undoes__isnull=False).values_list("undoes_id", flat=True)
    )
    # What a step keeps to go back may be a hundred thousand keys.
    found = TopicStep.objects.filter(topic_set=topic_set).defer("detail").order_by("-pk")
    steps = [StepRow(step, step.pk in undone) for step in found]
    last = next((row.step.pk for row in steps if row.step.kind != StepKind.UNDO and not row.gone), None)
    return steps, last
