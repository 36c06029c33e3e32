"""Reading applications, and what the shell asks this app for."""

from __future__ import annotations

from qiao.org.joining.queries.reading import (
    application_by_code,
    application_by_receipt,
    asks_identity,
    decided_at,
    handled_elsewhere,
    is_handed_in,
    open_at,
    own_standing,
    progress_of,
    promised,
)
from qiao.org.joining.queries.shell import desk_items, own_doors, own_items, receipt_state, unit_doors, unit_panels
from qiao.org.joining.queries.twins import Twin, twins_of

__all__ = [
    "Twin",
    "application_by_code",
    "application_by_receipt",
    "asks_identity",
    "decided_at",
    "desk_items",
    "handled_elsewhere",
    "is_handed_in",
    "open_at",
    "own_doors",
    "own_items",
    "own_standing",
    "progress_of",
    "promised",
    "receipt_state",
    "twins_of",
    "unit_doors",
    "unit_panels",
]
