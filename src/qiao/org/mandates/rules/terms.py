"""Lengths of terms: which setting gives them, and the longest the law allows."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from qiao.org.mandates.rules.settings import TERM_BASE, TERM_FEDERATION
from qiao.org.settings.rules import Setting

#: No term is longer than this (TUL 16): a term over the limit is rejected, never cut.
LONGEST_YEARS = 5
_BASE_KINDS = frozenset({"base", "joint_base"})


def is_base(kind: str) -> bool:
    """Whether a unit of this kind is a base union."""
    return kind in _BASE_KINDS


def term_setting(kind: str) -> Setting[int]:
    """The setting that gives the length of a term of a unit of this kind."""
    return TERM_BASE if is_base(kind) else TERM_FEDERATION


def longest_term(since: date) -> date:
    """The last day on which a term that begins on ``since`` may end (the first day after it)."""
    return months_later(since, 12 * LONGEST_YEARS)


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months later (earlier: negative), or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_over(limit: date, today: date) -> int:
    """How many days ``today`` is past the first day after a limit; 0 while it holds."""
    return max((today - limit).days, 0)
