"""Opening the file: size, kind and readability first, so that what is no workbook is said to be none."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qiao.base.problems import Place, Problem
from qiao.base.xlsform.errors import noop

MAX_BYTES = 20 * 1024 * 1024
"""Larger files are refused unread: the largest questionnaire known to the authors has 0.3 MB."""

MAX_UNPACKED = 100 * 1024 * 1024
"""What an .xlsx may unpack to."""

MAX_PARTS = 2_000
"""Files that an .xlsx may consist of."""

MAX_ROWS = 20_000
"""Rows that one sheet may have: more is a mistake, or meant to stop the machine."""

MAX_QUESTIONS = 5_000
"""Rows that the survey sheet may have."""

MAX_COLUMNS = 1_000
"""Columns that one sheet may have."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".md", ".csv")
_FORMS = noop("Write the questionnaire as an XLSForm: an Excel workbook with the sheets survey, choices and settings.")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as pyxform reads it: sheets by name, each a list of rows by header."""

    name: str
    definition: Any
    notes: tuple[dict[str, str], ...] = ()

    def sheet(self, name: str) -> list[dict[str, Any]]:
        """The rows of a sheet (row 2 first); empty when it is missing."""
        return list(getattr(self.definition, name, None) or ())


def read_bytes(source: Path | bytes, name: str) -> bytes:
    """The contents of a file, refused before reading when it is too large, missing or empty. Raises `Problem`."""
    place = Place(name)
    if isinstance(source, Path):
        try:
            if source.is_dir():
                raise Problem("This is a folder.", place=place, hint=_FORMS)
            size = source.stat().st_size
            if size > MAX_BYTES:
                raise _too_large(size, place)
            source = source.read_bytes()
        except FileNotFoundError:
            raise Problem("There is no such file.", place=place) from None
        except OSError as fault:
            raise Problem("It cannot be read: %(why)s.", place=place, why=fault.strerror or str(fault)) from None
    if len(source) > MAX_BYTES:
        raise _too_large(len(source), place)
    if not source.strip():
        raise Problem("The file is empty.", place=place, hint=_FORMS)
    return source


def open_workbook(source: Path | bytes, name: str) -> Workbook:
    """Open an XLSForm. Raises `Problem` for what is no workbook, is locked, or holds no rows."""
    data = read_bytes(source, name)
    place = Place(name)
    suffix = _check_kind(data, name, place)
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    _check_size(data, suffix, place)
    try:
        definition = get_xlsform(data, suffix)
    except PyXFormError as fault:
        text = str(fault)
        if "not recognized" in text or "Error reading" in text:
            raise _not_a_workbook(place) from None
        if text.startswith("Duplicate column header"):
            raise _double_header(data, place) from None
        raise Problem("%(detail)s", place=place, detail=text) from None
    except Exception:
        # The readers of damaged files fail in every way there is; none of them is a fault of ours.
        raise _not_a_workbook(place) from None
    definition.fallback_form_name = Path(name).stem or "form"
    return Workbook(name, definition, _own_sheet(data, suffix))


def _own_sheet(data: bytes, suffix: str) -> tuple[dict[str, str], ...]:
    """The rows of the sheet `qiao`, which pyxform passes over; none in files that have one sheet only."""
    if suffix not in {".xlsx", ".xlsm", ".xls"}:
        return ()
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if "qiao" not in book.sheet_names:
        return ()
    head, *rows = book.get_sheet_by_name("qiao").to_python(nrows=MAX_ROWS) or [[]]
    return tuple({str(key): str(value) for key, value in zip(head, row, strict=False)} for row in rows)


def _check_kind(data: bytes, name: str, place: Place) -> str:
    suffix = Path(name).suffix.lower()
    if data.startswith(_OLE) and suffix != ".xls":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Problem("The workbook is locked with a password.", place=place, hint="Save it without a password.")
        raise Problem(
            "The file is an old Excel workbook (.xls) under the name %(suffix)s.",
            place=place,
            suffix=suffix or "without ending",
            hint="Open it and save it as .xlsx, or rename it to .xls.",
        )
    if data.startswith(_ZIP):
        if suffix not in {".xlsx", ".xlsm"}:
            raise Problem("The file is an Excel workbook or archive, but its name does not end in .xlsx.", place=place)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                unpacked = sum(entry.file_size for entry in entries)
                if not any(entry.filename.startswith("xl/") for entry in entries) or len(entries) > MAX_PARTS:
                    raise _not_a_workbook(place)
                if unpacked <= MAX_UNPACKED:
                    _check_parts(archive, entries, place)
        except Problem:
            raise
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
            raise _not_a_workbook(place) from None
        if unpacked > MAX_UNPACKED:
            raise Problem(
                "The file unpacks to %(size)d MB; %(most)d MB are possible.",
                place=place,
                size=-(-unpacked // 2**20),
                most=MAX_UNPACKED // 2**20,
                hint="Leave pictures and other sheets out.",
            )
    elif suffix in {".xlsx", ".xlsm"} or (suffix == ".xls" and not data.startswith(_OLE)):
        raise _not_a_workbook(place)
    if suffix not in _SUFFIXES:
        raise Problem("Files ending in %(suffix)s are not read.", place=place, suffix=suffix or "nothing", hint=_FORMS)
    return suffix


def _check_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], place: Place) -> None:
    """Refuse macros, and document types, by which a reader could be made to open other files or to fill its memory."""
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith("vbaproject.bin"):
            raise Problem("The workbook holds macros.", place=place, hint="Save it as .xlsx, which holds none.")
        if name.endswith((".xml", ".rels")):
            with archive.open(entry) as stream:
                if b"<!doctype" in stream.read(4096).lower():
                    raise Problem(
                        "The workbook declares a document type (DOCTYPE), which no spreadsheet program writes.",
                        place=place,
                        hint="Open it and save it again as .xlsx.",
                    )


def _check_size(data: bytes, suffix: str, place: Place) -> None:
    """Refuse what is too long before anything slow reads it, and text that is not UTF-8, with its row."""
    if suffix in {".csv", ".md"}:
        try:
            lines = data.decode("utf-8-sig").count("\n")
        except UnicodeDecodeError as fault:
            raise Problem(
                "The file is not written in UTF-8.",
                place=Place(place.source, None, data[: fault.start].count(b"\n") + 1),
                hint="Save it as CSV UTF-8, or as an Excel workbook.",
            ) from None
        if lines > MAX_ROWS:
            raise _too_long(place, None, MAX_ROWS)
        return
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        for name in names:
            # A workbook of one sheet is read whatever that is called.
            if name.strip().lower() not in _READ and len(names) > 1:
                continue
            most = MAX_QUESTIONS if name.strip().lower() == "survey" or len(names) == 1 else MAX_ROWS
            sheet = book.get_sheet_by_name(name)
            if sheet.width > MAX_COLUMNS:
                raise Problem(
                    "The sheet has more than %(most)d columns.",
                    place=Place(place.source, name, 1),
                    hint="Delete the columns that are not needed.",
                    most=MAX_COLUMNS,
                )
            if sheet.height > most + 1:
                filled = sum(any(cell != "" for cell in row) for row in sheet.iter_rows())
                if filled > most + 1:
                    raise _too_long(place, name, most)
    except Problem:
        raise
    except Exception:
        # The readers of damaged files fail in every way there is; none of them is a fault of ours.
        raise _not_a_workbook(place) from None


_READ = frozenset({"survey", "choices", "settings", "external_choices", "entities", "osm", "qiao"})


def _too_long(place: Place, sheet: str | None, most: int) -> Problem:
    return Problem(
        "The sheet has more than %(most)d rows.",
        place=Place(place.source, sheet, most + 2),
        hint="A questionnaire is shorter: delete what does not belong to it.",
        most=most,
    )


def _double_header(data: bytes, place: Place) -> Problem:
    """Where a column is there twice: pyxform names the column only."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(nrows=1)
        head = [str(cell) for cell in (rows[0] if rows else ()) if str(cell).strip()]
        for name in head:
            if head.count(name) > 1:
                return Problem(
                    "The column %(name)s is there twice.", place=Place(place.source, sheet, 1, name), name=name
                )
    return Problem("A column is there twice.", place=place)


def _too_large(size: int, place: Place) -> Problem:
    return Problem(
        "The file has %(size)d MB; a questionnaire may have %(most)d MB at most.",
        place=place,
        size=-(-size // 2**20),
        most=MAX_BYTES // 2**20,
        hint="Leave pictures and other sheets out.",
    )


def _not_a_workbook(place: Place) -> Problem:
    return Problem("The file is no readable workbook.", place=place, hint=_FORMS)
