"""What may follow what in the life of a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base.problems import Problem
from qiao.judge.allocation.choices import State

#: Computed again is the way back while nothing is decided; after the decision nothing leads back.
FOLLOWING: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.COMPUTED, State.WITHDRAWN}),
    State.COMPUTED: frozenset({State.COMPUTED, State.PUBLISHED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.COMPUTED, State.CONSULTED, State.WITHDRAWN}),
    State.CONSULTED: frozenset({State.COMPUTED, State.DECIDED, State.WITHDRAWN}),
    State.DECIDED: frozenset({State.PAID}),
    State.PAID: frozenset({State.COMPARED}),
    State.COMPARED: frozenset({State.AUDITED}),
    State.AUDITED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
LINE = (State.DRAFT, State.COMPUTED, State.PUBLISHED, State.CONSULTED, State.DECIDED, State.PAID, State.COMPARED,
        State.AUDITED)  # fmt: skip


def require_step(before: str, after: State) -> None:
    """Raise Problem where the order forbids the step."""
    if after not in FOLLOWING[State(before)]:
        raise Problem(
            "This sheet is “%(state)s” and cannot become “%(wanted)s”: look at its page again.",
            state=str(State(before).label), wanted=str(after.label),
        )  # fmt: skip


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The line of states as steps: label, passed, current."""
    if state == State.WITHDRAWN:
        return [(str(State.DRAFT.label), True, False), (str(State.WITHDRAWN.label), False, True)]
    here = LINE.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(LINE)]
