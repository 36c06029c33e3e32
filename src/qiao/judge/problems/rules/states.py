"""What may follow what in the life of a problem, and what a recheck comes to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qiao.base.problems import Problem
from qiao.judge.problems.choices import Say, State

#: Nobody goes from a claim to the end: in between stand those who raised it. From the end a way leads back.
FOLLOWING: Mapping[State, frozenset[State]] = {
    State.RAISED: frozenset({State.ACCEPTED, State.DECLINED}),
    State.DECLINED: frozenset({State.RAISED}),
    State.ACCEPTED: frozenset({State.OWNED}),
    State.OWNED: frozenset({State.OWNED, State.RUNNING}),
    State.RUNNING: frozenset({State.OWNED, State.CLAIMED}),
    State.CLAIMED: frozenset({State.RECHECKED, State.REOPENED}),
    State.RECHECKED: frozenset({State.CLOSED, State.REOPENED}),
    State.REOPENED: frozenset({State.OWNED, State.RUNNING}),
    State.CLOSED: frozenset({State.REOPENED}),
}
LINE = (State.RAISED, State.ACCEPTED, State.OWNED, State.RUNNING, State.CLAIMED, State.RECHECKED, State.CLOSED)


def require_step(before: str, after: State) -> None:
    """Raise Problem where the order forbids the step."""
    if after not in FOLLOWING[State(before)]:
        raise Problem(
            "This problem is “%(state)s” and cannot become “%(wanted)s”: look at its page again.",
            state=str(State(before).label), wanted=str(after.label),
        )  # fmt: skip


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The line of states as steps: label, passed, current. Open again stands where the remedy is planned anew."""
    if state == State.DECLINED:
        return [(str(State.RAISED.label), True, False), (str(State.DECLINED.label), False, True)]
    line = [State.REOPENED if step == State.OWNED and state == State.REOPENED else step for step in LINE]
    here = line.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]


class Outcome(StrEnum):
    """What a recheck comes to."""

    WAIT = "wait"
    MENDED = "mended"
    NOT_MENDED = "not_mended"
    SILENT = "silent"


def outcome(said: Mapping[str, int], *, voices: int, over: bool) -> Outcome:
    """What those asked have said: more than half of the words must be “mended”, half is not enough.

    ``said`` counts words by `Say`, ``voices`` who is asked, ``over`` whether the time to answer has passed. Settled
    as soon as no further word can turn it; silent where the time is over and nobody spoke: then a third party checks.
    """
    mended = said.get(Say.MENDED, 0)
    other = said.get(Say.PARTLY, 0) + said.get(Say.NOT_MENDED, 0)
    waiting = 0 if over else max(voices - mended - other, 0)
    if mended + other == 0:
        return Outcome.SILENT if over or voices == 0 else Outcome.WAIT
    if mended > other + waiting:
        return Outcome.MENDED
    if other >= mended + waiting:
        return Outcome.NOT_MENDED
    return Outcome.WAIT
