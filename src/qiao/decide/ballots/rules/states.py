"""What may be done with a ballot when. Pure predicates on state and time."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qiao.base.counts import SMALL
from qiao.decide.ballots.choices import BallotState as State
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

#: Fewer papers than this and no count per project is published (handbook P7): three of four voters are nearly named.
SMALL_CELL = SMALL

#: Time in which the result of a vote may be challenged; the vote keeps the day. Then its papers are destroyed.
CHALLENGE_PERIOD = Setting[int](
    "deed.challenge_period",
    _("Days in which a vote may be challenged"),
    Kind.DAYS,
    default=15,
    lowest=5,
    highest=120,
    note=_("Counted from the count. Units below may give more time, not less."),
    setter=Setter.ABOVE,
    lower=Stricter.HIGHER,
)

_NEXT: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.OPEN, State.WITHDRAWN}),
    State.OPEN: frozenset({State.CLOSED}),
    State.CLOSED: frozenset({State.COUNTED}),
    State.COUNTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
_LINE = (State.PLANNED, State.OPEN, State.CLOSED, State.COUNTED)


def may_change(state: str, target: str) -> bool:
    """Whether a ballot may go from one state to another. Once open, it can only be closed and counted."""
    return State(target) in _NEXT[State(state)]


def is_due_to_open(state: str, opens: datetime, now: datetime) -> bool:
    """Whether the roll may be frozen and the vote opened: not before the announced time."""
    return may_change(state, State.OPEN) and opens <= now


def is_voting(state: str, closes: datetime, now: datetime) -> bool:
    """Whether papers are taken: the announced end holds even where nobody has closed the vote yet."""
    return state == State.OPEN and now < closes


def is_due_to_close(state: str, closes: datetime, now: datetime) -> bool:
    """Whether the vote may be closed: never before the announced end."""
    return may_change(state, State.CLOSED) and closes <= now


def shows_counts(turnout: int | None) -> bool:
    """Whether votes per project and the papers may be published."""
    return turnout is not None and turnout >= SMALL_CELL


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states as steps: label, done, current."""
    if state == State.WITHDRAWN:
        return [(str(State.PLANNED.label), True, False), (str(State.WITHDRAWN.label), False, True)]
    here = _LINE.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(_LINE)]
