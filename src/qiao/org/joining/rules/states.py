"""The states of an application and the steps a worker sees."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.org.joining.choices import State

_NEXT: Mapping[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset({State.APPLIED, State.WITHDRAWN}),
    State.APPLIED: frozenset({State.UNDER_REVIEW, State.RETURNED, State.ACTIVE, State.REFUSED, State.WITHDRAWN}),
    State.UNDER_REVIEW: frozenset({State.RETURNED, State.ACTIVE, State.REFUSED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.UNDER_REVIEW, State.WITHDRAWN}),
    # Upheld on appeal: looked at again, by another unit.
    State.REFUSED: frozenset({State.UNDER_REVIEW}),
    State.ACTIVE: frozenset(),
    State.WITHDRAWN: frozenset(),
}


def next_states(state: str) -> frozenset[State]:
    """The states an application may go to from this one."""
    return _NEXT[State(state)]


def may_become(state: str, to: State) -> bool:
    """Whether an application in ``state`` may become ``to``."""
    return to in next_states(state)


def steps_of(state: str) -> list[tuple[str, bool, bool]]:
    """The way of an application as (label, done, current)."""
    line = [State.APPLIED, State.UNDER_REVIEW, State.ACTIVE]
    if state == State.UNCONFIRMED:
        line = [State.UNCONFIRMED, *line]
    elif state == State.RETURNED:
        line = [State.APPLIED, State.RETURNED, State.UNDER_REVIEW, State.ACTIVE]
    elif state in (State.REFUSED, State.WITHDRAWN):
        line = [State.APPLIED, State(state)]
    here = line.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]
