"""What may happen to needs, topics, digests and candidates, and what they are called."""

from __future__ import annotations

from qiao.hear.needs.rules.settings import ANSWER_WITHIN, SETTINGS, TOP_K
from qiao.hear.needs.rules.sources import (
    Line,
    Source,
    Task,
    all_sources,
    all_tasks,
    register_source,
    register_tasks,
)
from qiao.hear.needs.rules.states import (
    FALSE_DISCOVERIES,
    PUBLIC,
    STEPS,
    is_overdue,
    is_worded,
    may_answer,
    may_check,
    may_publish,
    may_word,
    steps,
)

__all__ = [
    "ANSWER_WITHIN",
    "FALSE_DISCOVERIES",
    "PUBLIC",
    "SETTINGS",
    "STEPS",
    "TOP_K",
    "Line",
    "Source",
    "Task",
    "all_sources",
    "all_tasks",
    "is_overdue",
    "is_worded",
    "may_answer",
    "may_check",
    "may_publish",
    "may_word",
    "register_source",
    "register_tasks",
    "steps",
]
