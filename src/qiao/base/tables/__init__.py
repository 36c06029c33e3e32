"""Tables that people hand us: CSV and spreadsheets read into Arrow tables of text, every fault located.

All columns come in as text, so that nothing is guessed away (identity numbers keep their zeros); :func:`numeric` and
:func:`category` turn one column into what an analysis needs.
"""

from __future__ import annotations

from qiao.base.tables.cells import MISSING, as_number, category, numeric, place, sheet_row
from qiao.base.tables.conditions import matches
from qiao.base.tables.delimited import MAX_BYTES, read_csv
from qiao.base.tables.sheet import Rows, Sheet, open_sheet
from qiao.base.tables.workbook import read_table, read_workbook

__all__ = [
    "MAX_BYTES",
    "MISSING",
    "Rows",
    "Sheet",
    "as_number",
    "category",
    "matches",
    "numeric",
    "open_sheet",
    "place",
    "read_csv",
    "read_table",
    "read_workbook",
    "sheet_row",
]
