"""Reading the first sheet of a spreadsheet (XLSX, XLS, ODS) into the same shape as a CSV file."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from qiao.base.problems import Place, Problem
from qiao.base.tables import frame
from qiao.base.tables.delimited import MAX_BYTES, check_size, read_csv

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

#: Bytes a spreadsheet file may have, and bytes it may unpack to: they are held in memory at once.
MAX_WORKBOOK_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 1_000_000_000


def read_table(path: Path, *, required: Sequence[str] = (), max_bytes: int = MAX_BYTES) -> pa.Table:
    """Read a CSV file or the first sheet of a spreadsheet, told apart by content, not by name.

    Raises:
        Problem: as :func:`qiao.base.tables.read_csv` and :func:`read_workbook`.
    """
    check_size(path, max_bytes)
    with path.open("rb") as stream:
        start = stream.read(4)
    if start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return read_workbook(path, required=required)
    return read_csv(path, required=required, max_bytes=max_bytes)


def read_workbook(path: Path, *, required: Sequence[str] = (), max_bytes: int = MAX_WORKBOOK_BYTES) -> pa.Table:
    """Read the first sheet of a spreadsheet into an Arrow table of text; row 1 holds the column names.

    Whole numbers are written without a decimal point, dates as ISO 8601, truth values as TRUE and FALSE.

    Raises:
        Problem: the file is no spreadsheet, is too large (packed or unpacked), its first sheet is empty, or its header
            is faulty (see :func:`qiao.base.tables.read_csv`).
    """
    from python_calamine import CalamineError, load_workbook

    where = Place(path.name)
    check_size(path, max_bytes)
    _check_unpacked(path, where)
    try:
        workbook = load_workbook(path)
        sheet = workbook.sheet_names[0]
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError) as fault:
        raise unreadable(where, fault) from None
    where = Place(path.name, sheet)
    cells = [[as_text(cell) for cell in row] for row in rows]
    if not cells:
        raise Problem("The first sheet is empty.", place=where, hint="Put the table into the first sheet.")
    # A spreadsheet remembers formatted but empty columns to the right: they are no part of the table.
    width = max((index + 1 for row in cells for index, cell in enumerate(row) if cell.strip()), default=0)
    names = frame.clean_header(cells[0][:width], where)
    frame.check_required(names, required, where)
    columns = [pa.array([row[index] for row in cells[1:]], pa.large_string()) for index in range(width)]
    return frame.finish(pa.Table.from_arrays(columns, names=names), where)


def sheets(path: Path, where: Place) -> Iterator[tuple[str, Callable[[], Iterator[list[str]]]]]:
    """Title and rows (as text) of each sheet that holds anything; the rows of one sheet are held in memory.

    Raises Problem where the file is no spreadsheet.
    """
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(path)
        for number, title in enumerate(book.sheet_names):
            page = book.get_sheet_by_index(number)
            if page.end is None:
                continue

            def rows(page: CalamineSheet = page) -> Iterator[list[str]]:
                # From A1 on, whatever stands first.
                for row in page.iter_rows():
                    yield [as_text(cell) for cell in row]

            yield title, rows
    except (CalamineError, IndexError, OSError) as fault:
        raise unreadable(where, fault) from None


def unreadable(where: Place, fault: Exception) -> Problem:
    """What to say of a file that no reader of spreadsheets takes."""
    return Problem(
        "The file cannot be read as a spreadsheet: %(reason)s.",
        place=where,
        hint="Save it as .xlsx or as CSV (UTF-8).",
        reason=str(fault).rstrip(".") or type(fault).__name__,
    )


def _check_unpacked(path: Path, where: Place) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise Problem(
            "The spreadsheet unpacks to %(size)s MB; at most %(limit)s MB are read.",
            place=where,
            hint="Save it as CSV (UTF-8) and give that file.",
            size=f"{unpacked / 1e6:,.0f}",
            limit=f"{MAX_UNPACKED_BYTES / 1e6:,.0f}",
        )


def as_text(cell: object) -> str:
    """A cell of a spreadsheet as text: whole numbers without a point, days as ISO 8601."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ") if cell.time() != dt.time() else cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)
