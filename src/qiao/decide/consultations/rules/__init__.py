"""What may happen when, how a text falls into clauses, what is hidden in an opinion: all pure."""

from __future__ import annotations

from qiao.decide.consultations.rules.clauses import split_clauses, split_text
from qiao.decide.consultations.rules.masking import likeness, mask
from qiao.decide.consultations.rules.settings import ANSWER_WITHIN, HIDE_COUNTS, OPEN_DAYS, PAPERS
from qiao.decide.consultations.rules.states import (
    answer_due,
    is_public,
    may_become,
    promised_day,
    steps,
    takes_part,
)

__all__ = [
    "ANSWER_WITHIN",
    "HIDE_COUNTS",
    "OPEN_DAYS",
    "PAPERS",
    "answer_due",
    "is_public",
    "likeness",
    "mask",
    "may_become",
    "promised_day",
    "split_clauses",
    "split_text",
    "steps",
    "takes_part",
]
