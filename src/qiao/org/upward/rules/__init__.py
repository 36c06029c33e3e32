"""What may become of a paper when, who may not act on it, and how long it may take."""

from __future__ import annotations

from qiao.org.upward.rules.measures import Measures, measure
from qiao.org.upward.rules.sides import acts_for, require_for
from qiao.org.upward.rules.states import TRANSITIONS, may_become, next_actor, steps
from qiao.org.upward.rules.texts import asks_something, number_of_questions

__all__ = [
    "TRANSITIONS",
    "Measures",
    "acts_for",
    "asks_something",
    "may_become",
    "measure",
    "next_actor",
    "number_of_questions",
    "require_for",
    "steps",
]
