"""What may stand below what, what a unit's state lets happen, the settings of units, what follows their end."""

from __future__ import annotations

from qiao.org.units.rules.closing import follow_closing, follow_up
from qiao.org.units.rules.employers import KnownEmployer, known_employers, offer_employers
from qiao.org.units.rules.kinds import DEEPEST, guides, kinds_below, may_stand_below, takes_in
from qiao.org.units.rules.states import (
    MOVES,
    may_answer,
    may_become,
    may_decide_closing,
    may_propose,
    require_state,
)

__all__ = [
    "DEEPEST",
    "MOVES",
    "KnownEmployer",
    "follow_closing",
    "follow_up",
    "guides",
    "kinds_below",
    "known_employers",
    "may_answer",
    "may_become",
    "may_decide_closing",
    "may_propose",
    "may_stand_below",
    "offer_employers",
    "require_state",
    "takes_in",
]
