"""Predicates of standing, and how cells and headers of imported tables are read."""

from __future__ import annotations

from qiao.org.membership.rules.cells import (
    clean_name,
    read_consent,
    read_date,
    read_employment,
)
from qiao.org.membership.rules.headers import guess_field, is_known, is_staff, normal_header, not_needed
from qiao.org.membership.rules.standing import (
    EXPORT_LASTS,
    VOTED,
    may_be_retained,
    may_be_ruled,
    may_leave,
    may_start_transfer,
    next_states,
    ruled_state,
)

__all__ = [
    "EXPORT_LASTS",
    "VOTED",
    "clean_name",
    "guess_field",
    "is_known",
    "is_staff",
    "may_be_retained",
    "may_be_ruled",
    "may_leave",
    "may_start_transfer",
    "next_states",
    "normal_header",
    "not_needed",
    "read_consent",
    "read_date",
    "read_employment",
    "ruled_state",
]
