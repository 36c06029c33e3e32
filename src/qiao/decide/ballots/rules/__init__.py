"""Predicates on ballots, and the retelling of a count."""

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
    "SMALL_CELL",
    "Paid",
    "Purchase",
    "Supporters",
    "is_due_to_close",
    "is_due_to_open",
    "is_voting",
    "may_change",
    "retell",
    "shows_counts",
    "steps",
]
