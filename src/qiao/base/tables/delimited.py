"""Reading CSV as people save it: UTF-8 with or without mark, UTF-16 or GB18030; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from qiao.base.problems import Place, Problem
from qiao.base.tables import frame

#: Bytes a table may have by default. Above it a file is refused unread.
MAX_BYTES = 1_900_000_000
_CHUNK = 1 << 22
_HEAD = 1 << 20
DELIMITERS = (",", ";", "\t")
# A row whose quote is never closed swallows the file; no honest row is longer than this.
_LONGEST_ROW = 1 << 24
_STREAM_BLOCK = 1 << 21


def read_csv(path: Path, *, required: Sequence[str] = (), max_bytes: int = MAX_BYTES) -> pa.Table:
    """Read a CSV file into an Arrow table whose columns are all text.

    The first row holds the column names (stripped). The encoding is UTF-8 if the whole file is valid UTF-8, else
    GB18030 (which includes GBK and GB2312); a UTF-16 mark is honoured. The delimiter is whichever of comma, semicolon
    and tab splits the first rows best. Rows in which every cell is empty are dropped.

    Raises:
        Problem: the file cannot be read, is too large, is empty, holds no text, has a nameless or doubled column,
            a row with too many or too few cells, or lacks a column of ``required``.
    """
    where = Place(path.name)
    check_size(path, max_bytes)
    encoding = encoding_of(path, where)
    head = head_of(path, encoding, where)
    delimiter = delimiter_of(head)
    rows = first_rows(head, delimiter, 2)
    names = frame.clean_header(rows[0], where)
    frame.check_required(names, required, where)
    if len(rows) < 2:
        # The reader stumbles over a row of names that no line break ends.
        return frame.finish(pa.table({name: pa.array([], pa.large_string()) for name in names}), where)
    return frame.finish(_parse(path, names, delimiter, encoding, where), where)


def check_size(path: Path, max_bytes: int) -> int:
    """The size of the file in bytes. Raises Problem if there is none, or it is empty or above ``max_bytes``."""
    where = Place(path.name)
    try:
        if path.is_dir():
            raise Problem("This is a folder, not a file.", place=where, hint="Give the path of a file.")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as fault:
        raise Problem("The file cannot be read: %(reason)s.", place=where, reason=fault.strerror or fault) from None
    if size == 0:
        raise Problem("The file is empty.", place=where, hint="Give a table with a header row.")
    if size > max_bytes:
        raise Problem(
            "The file has %(size)s MB; at most %(limit)s MB are read.",
            place=where,
            hint="Leave out columns and rows that are not needed, or split the file.",
            size=f"{size / 1e6:,.0f}",
            limit=f"{max_bytes / 1e6:,.0f}",
        )
    return size


def encoding_of(path: Path, where: Place) -> str:
    """The encoding of the whole file. Raises Problem where it is no text."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Problem(
            "This is a spreadsheet or an archive, not a CSV file, whatever its name says.",
            place=where,
            hint="Open it in a spreadsheet program and save it as CSV (UTF-8), or give it the ending .xlsx.",
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _decodes(path, "utf-16", where, zeros=True) is None:
            return "utf-16"
        raise Problem("The file starts as UTF-16 text but is not.", place=where, hint="Save it as CSV (UTF-8).")
    bad = _decodes(path, "utf-8", where)
    if bad is None:
        return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    if _decodes(path, "gb18030", where) is None:
        return "gb18030"
    raise Problem(
        "The file is neither UTF-8 nor GB18030 (GBK) text; the first byte that fits neither is in this row.",
        place=Place(where.source, row=bad),
        hint="Save it as CSV (UTF-8).",
    )


def head_of(path: Path, encoding: str, where: Place) -> str:
    """The first mebibyte as text. Raises Problem where it is blank, or too short for the row of names."""
    with path.open("rb") as stream:
        raw = stream.read(_HEAD)
    head = codecs.getincrementaldecoder(encoding)().decode(raw)
    if not head.strip():
        raise Problem("The file holds nothing but blanks.", place=where, hint="Give a table with a header row.")
    if len(raw) == _HEAD and len(head.splitlines()) < 2:
        raise Problem(
            "The first row alone has more than a megabyte: that is no row of column names.",
            place=Place(where.source, where.sheet, 1),
            hint="Save the table as CSV with one row to a line.",
        )
    return head


def _decodes(path: Path, encoding: str, where: Place, *, zeros: bool = False) -> int | None:
    """None if the whole file is valid text in the encoding, else the line of the first invalid byte."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            if not zeros and b"\0" in chunk:
                raise Problem(
                    "The file holds zero bytes: it is not a text file.",
                    place=Place(where.source, row=line + chunk[: chunk.index(b"\0")].count(b"\n")),
                    hint="Save the table as CSV (UTF-8).",
                )
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return line + chunk[: max(fault.start, 0)].count(b"\n")
            if not chunk:
                return None
            line += chunk.count(b"\n")


def first_rows(head: str, delimiter: str, count: int) -> list[list[str]]:
    """The first rows of a text as lists of cells."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == count:
                break
    except csv.Error:
        # A cell longer than the csv module takes: what was read so far is enough to judge by.
        return rows or [[]]
    return rows


def delimiter_of(head: str) -> str:
    """The delimiter that gives the first rows most columns, preferring one under which they agree on the number."""

    def merit(delimiter: str) -> tuple[bool, int]:
        rows = [row for row in first_rows(head, delimiter, 20) if row]
        # The last row of the sample may be cut off.
        judged = rows[:-1] if len(rows) > 2 else rows
        widths = {len(row) for row in judged} or {0}
        first = len(rows[0]) if rows else 0
        return len(widths) == 1 and first > 1, first

    return max(DELIMITERS, key=merit)


def stream(
    path: Path, width: int, delimiter: str, encoding: str, where: Place, *, skip: int, header: int
) -> Iterator[pa.RecordBatch]:
    """The rows after the first ``skip`` lines in batches, all text; columns are named by their place.

    ``header`` is the row the last skipped line stands for. Memory does not grow with the file.
    Raises Problem, after the last batch, where rows have too many or too few cells.
    """
    ragged: list[pa_csv.InvalidRow] = []
    count = 0

    def note(row: pa_csv.InvalidRow) -> str:
        nonlocal count
        count += 1
        if not ragged:
            ragged.append(row)
        return "skip"

    names = [str(index) for index in range(width)]
    try:
        reader = pa_csv.open_csv(
            path,
            read_options=pa_csv.ReadOptions(
                column_names=names, skip_rows=skip, use_threads=False, block_size=_STREAM_BLOCK,
                encoding="utf8" if encoding.startswith("utf-8") else encoding,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=True
            ),
        )  # fmt: skip
        yield from reader
    except StopIteration:
        return
    except pa.ArrowInvalid as fault:
        if "Empty CSV file" in str(fault):
            return
        raise Problem(
            "The file cannot be read as a table: %(reason)s.",
            place=where,
            hint="Look for a double quote that is opened and never closed.",
            reason=str(fault).rstrip("."),
        ) from None
    if ragged:
        raise Problem(
            "This row has %(actual)s cells, but the header has %(expected)s columns (%(count)s such rows in the file).",
            place=Place(where.source, row=None if ragged[0].number is None else ragged[0].number + header - skip),
            hint="Put text that contains the delimiter or a line break into double quotes.",
            actual=ragged[0].actual_columns,
            expected=ragged[0].expected_columns,
            count=count,
        )


def _parse(path: Path, names: list[str], delimiter: str, encoding: str, where: Place) -> pa.Table:
    table, ragged = _pass(path, names, delimiter, encoding, where, threads=True)
    if ragged:
        # Only the single-threaded reader counts rows.
        _, ragged = _pass(path, names, delimiter, encoding, where, threads=False)
        first = ragged[0]
        raise Problem(
            "This row has %(actual)s cells, but the header has %(expected)s columns (%(count)s such rows in the file).",
            place=Place(where.source, row=first.number),
            hint="Put text that contains the delimiter or a line break into double quotes.",
            actual=first.actual_columns,
            expected=first.expected_columns,
            count=len(ragged),
        )
    return table


def _pass(
    path: Path, names: list[str], delimiter: str, encoding: str, where: Place, *, threads: bool
) -> tuple[pa.Table, list[pa_csv.InvalidRow]]:
    ragged: list[pa_csv.InvalidRow] = []

    def note(row: pa_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    try:
        table = pa_csv.read_csv(
            path,
            read_options=pa_csv.ReadOptions(
                column_names=names,
                skip_rows_after_names=1,
                use_threads=threads,
                encoding="utf8" if encoding.startswith("utf-8") else encoding,
                block_size=_LONGEST_ROW,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.large_string() for name in names}, strings_can_be_null=False, check_utf8=True
            ),
        )
    except pa.ArrowInvalid as fault:
        raise Problem(
            "The file cannot be read as a table: %(reason)s.",
            place=where,
            hint="Look for a double quote that is opened and never closed.",
            reason=str(fault).rstrip("."),
        ) from None
    return table, ragged
