"""Reads of contact duty."""

from __future__ import annotations

from qiao.deliver.contacts.queries.figures import OfficerDays, UnitDays, officer_days, unit_days
from qiao.deliver.contacts.queries.reading import (
    PAGE,
    ahead,
    duty_for,
    holder_options,
    issues_of,
    own_duties,
    own_units,
    to_confirm,
)
from qiao.deliver.contacts.queries.shell import desk_doors, desk_items, open_items, receipt_state, unit_panels

__all__ = [
    "PAGE",
    "OfficerDays",
    "UnitDays",
    "ahead",
    "desk_doors",
    "desk_items",
    "duty_for",
    "holder_options",
    "issues_of",
    "officer_days",
    "open_items",
    "own_duties",
    "own_units",
    "receipt_state",
    "to_confirm",
    "unit_days",
    "unit_panels",
]
