"""Tables read row by row, in memory that does not grow with them: for lists of people, which are long and untidy.

A title above the header, a header in two rows and merged header cells are recognised by the words a caller knows;
nothing else is guessed. Cells come as text; what they mean is the caller's question.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qiao.base.problems import Place, Problem
from qiao.base.tables import delimited, workbook

#: Rows of one batch.
BATCH = 10_000
#: A header stands within the first so many rows.
_HEADER_WITHIN = 12
#: Up to so many cells (filled or between filled ones) a workbook is read by the fast reader, which holds them all.
_FAST_CELLS = 3_000_000
#: So much a workbook may unpack to, counted while unpacking and not as it declares.
MAX_UNPACKED_BYTES = 1_000_000_000
_CELL = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"')
_MOST_ROW, _MOST_COLUMN = 1_048_576, 16_384
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|body|meta)", re.IGNORECASE)
_PROTECTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows: cells as text, one column for each name, and the row numbers as a spreadsheet shows them."""

    cells: pa.RecordBatch
    numbers: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose header is known. ``names`` has "" for a column without one; ``batches`` begins anew each time."""

    place: Place
    names: tuple[str, ...]
    header: tuple[int, int]
    batches: Callable[[], Iterator[Rows]]


def open_sheet(path: Path, *, known: Callable[[str], bool], max_bytes: int) -> Sheet:
    """Open a CSV file or the first sheet of a spreadsheet that holds anything, told apart by content.

    ``known`` says whether a cell is the name of a column: the header is the row, or the two rows, with most of them
    among the first twelve; where none is known, the first row.

    Raises:
        Problem: the file cannot be read, is protected, a web page, too large packed or unpacked, or empty; a doubled
            column; while iterating: rows with too many or too few cells.
    """
    where = Place(path.name)
    delimited.check_size(path, max_bytes)
    with path.open("rb") as stream:
        start = stream.read(512)
    if start.startswith(b"PK\x03\x04"):
        return _workbook(path, where, known)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if _PROTECTED in path.read_bytes():
            raise Problem(
                "The file is protected by a password.", place=where,
                hint="Open it, save it without a password, and give that file.",
            )  # fmt: skip
        return _workbook(path, where, known)
    if _MARKUP.match(start):
        raise Problem(
            "This is a web page, not a spreadsheet, whatever its name says.",
            place=where,
            hint="Open it in a spreadsheet program and save it as .xlsx or as CSV (UTF-8).",
        )
    return _csv(path, where, known)


def _csv(path: Path, where: Place, known: Callable[[str], bool]) -> Sheet:
    encoding = delimited.encoding_of(path, where)
    head = delimited.head_of(path, encoding, where)
    # A title above the table must not decide about the delimiter: the line that knows most columns does.
    best = max(
        delimited.DELIMITERS,
        key=lambda sign: max(
            (_score(row, known) for row in delimited.first_rows(head, sign, _HEADER_WITHIN)), default=0
        ),
    )
    if not any(_score(row, known) for row in delimited.first_rows(head, best, _HEADER_WITHIN)):
        best = delimited.delimiter_of(head)
    first = delimited.first_rows(head, best, _HEADER_WITHIN + 1)
    names, top, bottom = _header(first, known, where)
    lines = sum(text.count("\n") for row in first[:bottom] for text in row) + bottom

    def batches() -> Iterator[Rows]:
        number = bottom + 1
        if len(first) <= bottom:
            # The reader stumbles over a row of names that no line break ends.
            return
        for cells in delimited.stream(path, len(names), best, encoding, where, skip=lines, header=bottom):
            size = cells.num_rows
            yield from _filled(cells, np.arange(number, number + size, dtype=np.int32))
            number += size

    return Sheet(where, names, (top, bottom), batches)


def _workbook(path: Path, where: Place, known: Callable[[str], bool]) -> Sheet:
    fast = _unpack(path, where)
    found = workbook.sheets(path, where) if fast else _slow_sheets(path, where)
    for title, rows in found:  # noqa: B007
        first = list(islice(rows(), _HEADER_WITHIN + 1))
        if any(cell.strip() for row in first for cell in row):
            break
    else:
        raise Problem("The first sheet is empty.", place=where, hint="Put the table into the first sheet.")
    place = Place(path.name, title)
    names, top, bottom = _header(first, known, place)
    width = len(names)

    def batches() -> Iterator[Rows]:
        number = bottom + 1
        source = islice(rows(), bottom, None)
        while chunk := list(islice(source, BATCH)):
            columns = [
                pa.array([row[index] if index < len(row) else "" for row in chunk], pa.string())
                for index in range(width)
            ]
            cells = pa.RecordBatch.from_arrays(columns, names=[str(index) for index in range(width)])
            yield from _filled(cells, np.arange(number, number + len(chunk), dtype=np.int32))
            number += len(chunk)

    return Sheet(place, names, (top, bottom), batches)


def _slow_sheets(path: Path, where: Place) -> Iterator[tuple[str, Callable[[], Iterator[list[str]]]]]:
    """Sheets of a large XLSX, one row in memory at a time."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as fault:  # openpyxl raises whatever its parsers do
        raise workbook.unreadable(where, fault) from None
    for page in book.worksheets:
        page.reset_dimensions()

        def rows(page: object = page) -> Iterator[list[str]]:
            for row in page.iter_rows(values_only=True):  # type: ignore[attr-defined]
                yield [workbook.as_text(cell) for cell in row]

        yield page.title, rows


def _unpack(path: Path, where: Place) -> bool:
    """Unpack a workbook to nothing, counting: whether it is small enough for the fast reader.

    What an archive declares about itself may be a lie; the bytes and the outermost cell are not.
    """
    if not zipfile.is_zipfile(path):
        return True
    total, row, column = 0, 1, 1
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.flag_bits & 1:
                    raise Problem("The file is protected by a password.", place=where, hint="Save it without one.")
                with archive.open(entry) as stream:
                    rest = b""
                    while chunk := stream.read(1 << 20):
                        total += len(chunk)
                        if total > MAX_UNPACKED_BYTES:
                            raise Problem(
                                "The spreadsheet unpacks to more than %(limit)s MB.", place=where,
                                hint="Save it as CSV (UTF-8) and give that file.",
                                limit=f"{MAX_UNPACKED_BYTES / 1e6:,.0f}",
                            )  # fmt: skip
                        block = rest + chunk
                        if hits := _CELL.findall(block):
                            row = max(row, *(int(number) for _letters, number in hits))
                            column = max(column, *map(_column, {letters for letters, _number in hits}))
                        rest = block[block.rfind(b"<") :][:64]
    except Problem:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise workbook.unreadable(where, fault) from None
    if row > _MOST_ROW or column > _MOST_COLUMN:
        raise Problem("The spreadsheet has cells outside every sheet.", place=where, hint="Save it as CSV (UTF-8).")
    return row * column <= _FAST_CELLS


def _column(letters: bytes) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number


def _filled(cells: pa.RecordBatch, numbers: npt.NDArray[np.int32]) -> Iterator[Rows]:
    """The rows in which any cell is filled."""
    import pyarrow.compute as pc

    if not cells.num_rows:
        return
    empty: pa.Array | None = None
    for column in cells.columns:
        blank = pc.equal(pc.utf8_trim_whitespace(column), "")
        empty = blank if empty is None else pc.and_(empty, blank)
        if not empty.true_count:
            yield Rows(cells, numbers)
            return
    kept = pc.invert(empty)
    if kept.true_count:
        yield Rows(cells.filter(kept), numbers[kept.to_numpy(zero_copy_only=False)])


def _score(row: Sequence[str], known: Callable[[str], bool]) -> int:
    return sum(1 for cell in row if cell.strip() and known(cell))


def _header(
    rows: Sequence[Sequence[str]], known: Callable[[str], bool], where: Place
) -> tuple[tuple[str, ...], int, int]:
    """The names of the columns and the first and last row (from 1) they stand in."""
    best: tuple[int, int, int] | None = None
    names: list[str] = []
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        for last in (index, index + 1):
            if last >= len(rows):
                continue
            made = _stripped(row) if last == index else _joined(_stripped(row), _stripped(rows[last]), known)
            score = _score(made, known)
            # One row rather than two, an earlier rather than a later.
            rank = (score, -(last - index), -index)
            if score and (best is None or rank > best):
                best, names = rank, made
    if best is None:
        names, top, bottom = _stripped(rows[0]), 1, 1
        if not any(names):
            raise Problem(
                "The first row is empty, but it must hold the names of the columns.",
                place=Place(where.source, where.sheet, 1),
                hint="Put one name above each column.",
            )
    else:
        top = -best[2] + 1
        bottom = top - best[1]
    while names and not names[-1]:
        if any(len(row) >= len(names) and row[len(names) - 1].strip() for row in rows[bottom:]):
            break
        names.pop()
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name and name in seen:
            raise Problem(
                "Columns number %(first)s and %(second)s have the same name, “%(name)s”.",
                place=Place(where.source, where.sheet, bottom, name), hint="Rename one of them.",
                first=seen[name], second=position, name=name,
            )  # fmt: skip
        seen[name] = position
    return tuple(names), top, bottom


def _stripped(row: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in row]


def _joined(upper: list[str], lower: list[str], known: Callable[[str], bool]) -> list[str]:
    """The names of a header in two rows: a group's name stands in its first column and holds for blanks after it."""
    made: list[str] = []
    group = ""
    for above, below in zip(*_even(upper, lower), strict=True):
        group = above or (group if below else "")
        if below and known(below):
            made.append(below)
        else:
            made.append(" ".join(part for part in (group, below) if part))
    return made


def _even(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    width = max(len(left), len(right))
    return left + [""] * (width - len(left)), right + [""] * (width - len(right))
