"""Turning one text column into numbers or categories."""

from __future__ import annotations

import json
import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qiao.base.problems import Place, Problem
from qiao.base.tables import frame

#: What counts as a missing value, once blanks around it are gone.
MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null")


def sheet_row(table: pa.Table, index: int) -> int:
    """The row number a spreadsheet shows for the ``index``-th (from 0) row of a table as it was read."""
    notes = table.schema.metadata or {}
    dropped = json.loads(notes.get(frame.DROPPED, b"[]"))
    row = index + 2
    for number in dropped:
        if number > row:
            break
        row += 1
    return row


def place(table: pa.Table, *, index: int | None = None, column: str | None = None) -> Place:
    """Where in its file a cell of a table as it was read stands."""
    notes = table.schema.metadata or {}
    source, sheet = notes.get(frame.SOURCE, b"").decode(), notes.get(frame.SHEET, b"").decode()
    return Place(source or None, sheet or None, None if index is None else sheet_row(table, index), column)


def numeric(table: pa.Table, column: str) -> npt.NDArray[np.float64]:
    """The column as float64, NaN where the cell is missing (:data:`MISSING`).

    Full-width digits and signs count as their plain forms (Unicode NFKC).

    Raises:
        Problem: the table has no such column, or a cell is not a finite number (row, column and value are named).
    """
    frame.check_required(table.column_names, [column], place(table))
    trimmed = pc.utf8_trim_whitespace(table[column])
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING, trimmed.type))
    wanted = pc.if_else(missing, pa.scalar(None, trimmed.type), trimmed)
    try:
        values = pc.cast(wanted, pa.float64())
    except pa.ArrowInvalid:
        return _numbers_one_by_one(table, column, wanted)
    numbers: npt.NDArray[np.float64] = values.to_numpy().astype(np.float64, copy=True)
    if bool(np.any(np.isinf(numbers))) or int(np.isnan(numbers).sum()) != values.null_count:
        return _numbers_one_by_one(table, column, wanted)
    return numbers


def _numbers_one_by_one(table: pa.Table, column: str, wanted: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    numbers = np.full(len(wanted), np.nan)
    for index, text in enumerate(wanted.to_pylist()):
        if text is None:
            continue
        if unicodedata.normalize("NFKC", text).strip() in MISSING:
            continue
        number = as_number(text)
        if number is None:
            raise Problem(
                "“%(value)s” is not a number.",
                place=place(table, index=index, column=column),
                hint="Write a plain number such as 12.5, without separators or units, or leave the cell empty.",
                value=text if len(text) <= 60 else text[:57] + "…",
            )
        numbers[index] = number
    return numbers


def category(table: pa.Table, column: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Codes and levels of a column: code −1 where the cell is missing, else the position in the levels.

    Levels come in numeric order if all of them are numbers, else in the order of their characters.

    Raises:
        Problem: the table has no such column.
    """
    frame.check_required(table.column_names, [column], place(table))
    encoded = pc.utf8_trim_whitespace(table[column]).combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    found: list[str] = encoded.dictionary.to_pylist()
    levels = sorted(name for name in found if name not in MISSING)
    ranks = [as_number(name) for name in levels]
    if None not in ranks:
        levels = [name for _, name in sorted(zip(ranks, levels, strict=True))]
    position = {name: number for number, name in enumerate(levels)}
    recode = np.array([position.get(name, -1) for name in found], dtype=np.int64)
    codes = recode[encoded.indices.to_numpy()] if found else np.empty(0, np.int64)
    return codes, tuple(levels)


def as_number(text: str) -> float | None:
    """The finite number a text stands for, or None."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    # Python reads 1_000 as a number; people do not write it as one.
    if "_" in plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
