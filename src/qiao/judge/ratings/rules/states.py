"""What may follow what in the life of a rating."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qiao.base.problems import Problem
from qiao.judge.ratings.choices import State

FOLLOWING: Mapping[State, frozenset[State]] = {
    State.CALLED: frozenset({State.ROLL_FROZEN, State.VOID}),
    State.ROLL_FROZEN: frozenset({State.ROLL_CONTESTED, State.OPEN, State.VOID}),
    State.ROLL_CONTESTED: frozenset({State.ROLL_FROZEN, State.VOID}),
    State.OPEN: frozenset({State.CLOSED, State.VOID}),
    State.CLOSED: frozenset({State.COUNTED, State.VOID}),
    State.COUNTED: frozenset({State.VALID, State.VOID}),
    State.VALID: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.REMEDY_PLAN, State.DONE}),
    State.REMEDY_PLAN: frozenset({State.RECHECKED}),
    State.RECHECKED: frozenset({State.DONE}),
    State.DONE: frozenset(),
    State.VOID: frozenset(),
}
_LINE = (State.CALLED, State.ROLL_FROZEN, State.OPEN, State.CLOSED, State.COUNTED, State.PUBLISHED, State.REMEDY_PLAN,
         State.RECHECKED, State.DONE)  # fmt: skip


def require_step(before: str, after: State) -> None:
    """Raise Problem where the order forbids the step."""
    if after not in FOLLOWING[State(before)]:
        raise Problem(
            "This rating is “%(state)s” and cannot become “%(wanted)s”: look at its page again.",
            state=str(State(before).label), wanted=str(after.label),
        )  # fmt: skip


def is_voting(state: str, closes: datetime, now: datetime) -> bool:
    """Whether votes are taken: the announced end holds even where nobody has closed the rating yet."""
    return state == State.OPEN and now < closes


def steps(state: str, passed: tuple[str, ...] = ()) -> list[tuple[str, bool, bool]]:
    """The states as steps: label, passed, current. ``passed``: for a void rating, the states it went through."""
    if state == State.VOID:
        line = [one for one in _LINE if one in passed] or [State.CALLED]
        return [(str(one.label), True, False) for one in line] + [(str(State.VOID.label), False, True)]
    at = State(state)
    line = [State.ROLL_CONTESTED if one == State.ROLL_FROZEN and at == State.ROLL_CONTESTED else one for one in _LINE]
    here = line.index(at) if at in line else line.index(State.COUNTED)
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]
