"""Reading the yearly table and the inputs of allocation."""

from __future__ import annotations

from qiao.org.yearbook.queries.assurance import Check, check_of, owed
from qiao.org.yearbook.queries.editions import (
    Block,
    Cell,
    TablePage,
    edition_lines,
    edition_of,
    editions,
    table_page,
    years_to_freeze,
)
from qiao.org.yearbook.queries.inputs import (
    LEVELS,
    Sheet,
    SheetRow,
    base_share,
    input_by_id,
    inputs_of,
    sheet_of,
    show_spending,
)
from qiao.org.yearbook.queries.shell import desk_doors, desk_items, unit_doors, unit_panels

__all__ = [
    "LEVELS",
    "Block",
    "Cell",
    "Check",
    "Sheet",
    "SheetRow",
    "TablePage",
    "base_share",
    "check_of",
    "desk_doors",
    "desk_items",
    "edition_lines",
    "edition_of",
    "editions",
    "input_by_id",
    "inputs_of",
    "owed",
    "sheet_of",
    "show_spending",
    "table_page",
    "unit_doors",
    "unit_panels",
    "years_to_freeze",
]
