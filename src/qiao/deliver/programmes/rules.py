"""What may follow what, who may verify, when a clock warns. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from qiao.deliver.programmes.choices import ENDED, EvidenceKind, State

NEXT: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.RUNNING, State.STOPPED}),
    State.RUNNING: frozenset({State.DONE_CLAIMED, State.STOPPED}),
    # A claim the verifier does not find true goes back to running.
    State.DONE_CLAIMED: frozenset({State.VERIFIED, State.RUNNING, State.STOPPED}),
    State.VERIFIED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.STOPPED: frozenset(),
}
#: The steps a page shows; a stopped project shows its stop after the step it had reached.
STEPS = (State.PLANNED, State.RUNNING, State.DONE_CLAIMED, State.VERIFIED, State.CLOSED)
#: A verified project nobody has judged after so many days is flagged.
JUDGE_WITHIN_DAYS = 90
#: Evidence that a milestone is reached: a photo shows a place, not that anybody is served by it.
PROVING = frozenset({EvidenceKind.DOCUMENT, EvidenceKind.LINK, EvidenceKind.USERS})


class Level(StrEnum):
    """How far a clock has run (mechanism S2: it warns at 50 % and at 80 % of its time)."""

    CALM = "calm"
    HALF = "half"
    MOST = "most"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Clock:
    """One running date: the share of its time that has gone, from 0 to 1, and the days left (negative: overdue)."""

    due: date
    share: float
    days_left: int
    level: Level


def may_follow(before: str, after: str) -> bool:
    """Whether a project may go from one state to the other."""
    return State(after) in NEXT[State(before)]


def clock(*, starts: date, due: date, today: date) -> Clock:
    """How far the clock from ``starts`` to the end of the day ``due`` has run today."""
    length = max((due - starts).days, 1)
    share = min(max((today - starts).days / length, 0.0), 1.0)
    days_left = (due - today).days
    if days_left < 0:
        level = Level.LATE
    elif share >= 0.8:
        level = Level.MOST
    elif share >= 0.5:
        level = Level.HALF
    else:
        level = Level.CALM
    return Clock(due, share, days_left, level)


def whole_progress(parts: Iterable[tuple[int, int]]) -> int:
    """The weighted mean of (weight, progress) pairs, rounded down: 100 is reached by nothing but all at 100."""
    pairs = list(parts)
    weights = sum(weight for weight, _progress in pairs)
    if not weights:
        return 0
    total = Decimal(sum(weight * progress for weight, progress in pairs)) / weights
    return int(total.to_integral_value(rounding=ROUND_FLOOR))


def proves(kinds: Iterable[str]) -> bool:
    """Whether evidence of these kinds shows that a milestone is reached."""
    return any(kind in PROVING for kind in kinds)


def may_verify(*, account_id: int | None, involved: Iterable[int | None]) -> bool:
    """Whether somebody else than those who own, report and claim verifies. The system never does."""
    return account_id is not None and account_id not in set(involved)


def is_late(*, state: str, due: date, today: date) -> bool:
    """Whether a project's day is over while it is neither claimed as done nor ended."""
    return state in (State.PLANNED, State.RUNNING) and due < today


def ended_unjudged(*, state: str, evaluation_code: str) -> bool:
    """Whether it ended without the judgment of those it was for."""
    return state in ENDED and not evaluation_code


def judgment_overdue(*, state: str, verified: date | None, today: date) -> bool:
    """Whether a verified project waits for its judgment longer than it should."""
    return state == State.VERIFIED and verified is not None and (today - verified).days > JUDGE_WITHIN_DAYS


def state_steps(state: str, reached: str = "") -> list[tuple[State, bool, bool]]:
    """The steps of a project: (state, done, current). ``reached`` is where a stopped one stood before."""
    if state == State.STOPPED:
        line = [*STEPS[: STEPS.index(State(reached or State.PLANNED)) + 1], State.STOPPED]
    else:
        line = list(STEPS)
    place = line.index(State(state))
    return [(step, number < place, number == place) for number, step in enumerate(line)]
