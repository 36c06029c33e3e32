"""Predicates on ballots, and the retelling of a count."""

from qiao.decide.ballots.rules.deeds import (
    CHOICES_PER_VOTE,
    DEED_SETTINGS,
    LISTED_PER_YEAR,
    MIN_TURNOUT,
    PROGRESS_REPORT,
    deed_steps,
    fell_short,
    follows,
    report_due,
    takes_ideas,
)
from qiao.decide.ballots.rules.marking import Marks, mark_paper, most_of
from qiao.decide.ballots.rules.ranked import follows_runoff, follows_schulze
from qiao.decide.ballots.rules.retelling import Paid, Purchase, Supporters, retell
from qiao.decide.ballots.rules.states import (
    CHALLENGE_PERIOD,
    SMALL_CELL,
    is_due_to_close,
    is_due_to_open,
    is_voting,
    may_change,
    shows_counts,
    steps,
)

__all__ = [
    "CHALLENGE_PERIOD",
    "CHOICES_PER_VOTE",
    "DEED_SETTINGS",
    "LISTED_PER_YEAR",
    "MIN_TURNOUT",
    "PROGRESS_REPORT",
    "SMALL_CELL",
    "Marks",
    "Paid",
    "Purchase",
    "Supporters",
    "deed_steps",
    "fell_short",
    "follows",
    "follows_runoff",
    "follows_schulze",
    "is_due_to_close",
    "is_due_to_open",
    "is_voting",
    "mark_paper",
    "may_change",
    "most_of",
    "report_due",
    "retell",
    "shows_counts",
    "steps",
    "takes_ideas",
]
