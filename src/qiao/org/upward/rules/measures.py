"""How fast a unit answers those below it (handbook C10, measures)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from qiao.org.upward.choices import PaperState


@dataclass(frozen=True, slots=True)
class Case:
    """One request as the measures see it: its end state, when issued, due and answered, how often escalated."""

    state: str
    issued: datetime
    due: datetime | None
    answered: datetime | None
    escalations: int


@dataclass(frozen=True, slots=True)
class Measures:
    """Replies of one unit: ``n`` requests whose clock has ended; times in days; shares of ``n``.

    ``late`` are those waiting now past their day.
    """

    n: int
    waiting: int
    late: int
    median_days: float | None
    ninetieth_days: float | None
    on_time: float | None
    deemed: float | None


def measure(cases: Sequence[Case], now: datetime) -> Measures:
    """Median and 90th percentile (nearest rank) of reply times, share on time, share deemed agreed by silence.

    On time means answered by its due date. What was escalated, deemed or answered late is not on time; what still
    waits within its time is in neither part.
    """
    # A request agreed by silence has no answer, even once its unit has closed it.
    by_silence = [case for case in cases if not case.answered and case.state in (PaperState.DEEMED, PaperState.CLOSED)]
    ended = [case for case in cases if case.answered]
    waiting = [case for case in cases if not case.answered and case not in by_silence]
    late = [case for case in waiting if case.due and case.due < now]
    days = sorted((case.answered - case.issued).total_seconds() / 86400 for case in ended if case.answered)
    counted = len(ended) + len(by_silence) + len(late)
    on_time = sum(
        1 for case in ended if case.answered and case.due and case.answered <= case.due and not case.escalations
    )
    return Measures(
        n=counted,
        waiting=len(waiting),
        late=len(late),
        median_days=median(days) if days else None,
        ninetieth_days=days[-(-9 * len(days) // 10) - 1] if days else None,
        on_time=on_time / counted if counted else None,
        deemed=len(by_silence) / counted if counted else None,
    )
