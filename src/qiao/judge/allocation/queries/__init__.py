"""Reading allocation sheets."""

from __future__ import annotations

from qiao.judge.allocation.queries.gather import Gathered, gather
from qiao.judge.allocation.queries.sheets import (
    SHOWN,
    Page,
    amounts,
    contested_of,
    levels_below,
    sheet_by_code,
    sheet_page,
    sheets_for,
    units_to_divide,
)
from qiao.judge.allocation.queries.shell import desk_doors, desk_items, stations, unit_doors

__all__ = [
    "SHOWN",
    "Gathered",
    "Page",
    "amounts",
    "contested_of",
    "desk_doors",
    "desk_items",
    "gather",
    "levels_below",
    "sheet_by_code",
    "sheet_page",
    "sheets_for",
    "stations",
    "unit_doors",
    "units_to_divide",
]
