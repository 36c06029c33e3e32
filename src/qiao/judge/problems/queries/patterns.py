"""Patterns in requests: many of one topic at one union that their askers call unsolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from qiao.hear.window.choices import Outcome, State
from qiao.hear.window.models import Request
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class Pattern:
    """One topic at one union: how many askers were reached, how many say it is not solved, how many came back."""

    unit: Unit
    topic: str
    reached: int
    unsolved: int
    reopened: int


def request_patterns(*, now: datetime, days: int, least: int) -> Iterator[Pattern]:
    """Unions and topics with at least ``least`` unsolved requests answered in the last days. Two queries.

    What by-passes a union tells nothing to that union: such requests lie with the body above and count there.
    """
    rows = list(
        Request.objects.filter(answered__gte=now - timedelta(days=days), answered__lte=now)
        .exclude(state=State.LINKED)
        .values("body", "topic")
        .annotate(
            reached=Count("pk", filter=Q(outcome__in=[Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT_SOLVED])),
            unsolved=Count("pk", filter=Q(outcome__in=[Outcome.PARTLY, Outcome.NOT_SOLVED])),
            again=Count("pk", filter=Q(reopened__gt=0)),
        )
        .filter(unsolved__gte=least)
        .order_by("body", "topic")
    )
    units = Unit.objects.in_bulk({row["body"] for row in rows})
    for row in rows:
        yield Pattern(units[row["body"]], row["topic"], row["reached"], row["unsolved"], row["again"])
