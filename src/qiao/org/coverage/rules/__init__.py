"""Rates, tests, steps and settings of coverage."""

from __future__ import annotations

from qiao.org.coverage.rules.activity import active_units, activities, register_activity
from qiao.org.coverage.rules.rates import Rate, Withheld, rate
from qiao.org.coverage.rules.settings import RETENTION_CHECK, SETTINGS, TOLD_PROOF, TOLD_SHARE, WINDOW
from qiao.org.coverage.rules.steps import NEXT_LEAD, is_stricter, next_lead_states

__all__ = [
    "NEXT_LEAD",
    "RETENTION_CHECK",
    "SETTINGS",
    "TOLD_PROOF",
    "TOLD_SHARE",
    "WINDOW",
    "Rate",
    "Withheld",
    "active_units",
    "activities",
    "is_stricter",
    "next_lead_states",
    "rate",
    "register_activity",
]
