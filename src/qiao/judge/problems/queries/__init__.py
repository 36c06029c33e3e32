"""Reading the problem ledger."""

from __future__ import annotations

from qiao.judge.problems.queries.board import (
    OFFICE,
    SHOWN,
    Measures,
    counts_by_unit,
    earlier_of,
    entry_by_code,
    entry_page,
    listed_rows,
    measures,
)
from qiao.judge.problems.queries.indicators import Indicator, indicators
from qiao.judge.problems.queries.shell import (
    desk_doors,
    desk_items,
    open_items,
    own_items,
    receipt_state,
    stations,
    unit_doors,
    unit_panels,
)

__all__ = [
    "OFFICE",
    "SHOWN",
    "Indicator",
    "Measures",
    "counts_by_unit",
    "desk_doors",
    "desk_items",
    "earlier_of",
    "entry_by_code",
    "entry_page",
    "indicators",
    "listed_rows",
    "measures",
    "open_items",
    "own_items",
    "receipt_state",
    "stations",
    "unit_doors",
    "unit_panels",
]
