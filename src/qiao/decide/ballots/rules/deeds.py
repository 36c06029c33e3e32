"""What may be done in a round of practical deeds when."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qiao.base.deadlines import due
from qiao.decide.ballots.choices import DeedState as State
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

LISTED_PER_YEAR = Setting[int](
    "deed.listed_per_year",
    _("Practical projects listed in a year"),
    Kind.COUNT,
    default=10,
    lowest=1,
    highest=500,
    note=_("A round is not planned beyond it. Over money the budget limits the list; a year that is full takes none."),
)
CHOICES_PER_VOTE = Setting[int](
    "deed.choices_per_vote",
    _("Projects one member may choose in a vote with a limited number of choices"),
    Kind.COUNT,
    default=3,
    lowest=1,
    highest=100,
)
MIN_TURNOUT = Setting[float](
    "deed.min_turnout",
    _("Share of the members who must take part in the vote of a round"),
    Kind.SHARE,
    default=0.0,
    lowest=0.0,
    highest=0.9,
    note=_("0 %: none. The turnout is published in any case. With fewer the vote decides nothing and is held again."),
    setter=Setter.ABOVE,
)
PROGRESS_REPORT = Setting[int](
    "deed.progress_report",
    _("Time from one published progress report of a round to the next"),
    Kind.MONTHS,
    default=3,
    lowest=1,
    highest=12,
    lower=Stricter.LOWER,
)
DEED_SETTINGS = (LISTED_PER_YEAR, CHOICES_PER_VOTE, MIN_TURNOUT, PROGRESS_REPORT)

_LINE = tuple(State)


def follows(state: str) -> State | None:
    """The state after this one; None after the last."""
    place = _LINE.index(State(state))
    return _LINE[place + 1] if place + 1 < len(_LINE) else None


def takes_ideas(state: str, opens: datetime, closes: datetime, now: datetime) -> bool:
    """Whether members file ideas now."""
    return state == State.CALL and opens <= now < closes


def deed_steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states as steps: label, done, current."""
    here = _LINE.index(State(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(_LINE)]


def fell_short(turnout: int | None, roll: int | None, least: float) -> bool:
    """Whether fewer took part than the share fixed before the call; of an empty roll nobody did."""
    return least > 0 and (turnout or 0) < least * (roll or 1)


def report_due(running_since: datetime, months: int, published: int) -> datetime:
    """When the next progress report is due: one for every ``months`` that the round is carried out."""
    return due(running_since, PROGRESS_REPORT.span(months * (published + 1)))
