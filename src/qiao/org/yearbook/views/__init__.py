"""Pages of the yearly table and of the inputs of allocation."""

from __future__ import annotations

from qiao.org.yearbook.views.assure import assure
from qiao.org.yearbook.views.inputs import contest, decide, enter, inputs, sheet, sheet_text
from qiao.org.yearbook.views.table import edition_text, latest, method, table, text, workbook

__all__ = [
    "assure",
    "contest",
    "decide",
    "edition_text",
    "enter",
    "inputs",
    "latest",
    "method",
    "sheet",
    "sheet_text",
    "table",
    "text",
    "workbook",
]
