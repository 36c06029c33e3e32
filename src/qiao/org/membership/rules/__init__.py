"""Predicates of standing, and how cells and headers of imported tables are read."""

from __future__ import annotations

from qiao.org.membership.rules.cells import clean_name, read_date, read_employment
from qiao.org.membership.rules.headers import guess_field, normal_header, not_needed
from qiao.org.membership.rules.standing import (
    EXPORT_LASTS,
    STAGING_LASTS,
    TRANSIT_LIMIT,
    may_start_transfer,
    next_states,
)

__all__ = [
    "EXPORT_LASTS",
    "STAGING_LASTS",
    "TRANSIT_LIMIT",
    "clean_name",
    "guess_field",
    "may_start_transfer",
    "next_states",
    "normal_header",
    "not_needed",
    "read_date",
    "read_employment",
]
