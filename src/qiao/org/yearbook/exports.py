"""The yearly table and the sheet of inputs as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.cells import disarmed
from qiao.base.i18n import pick
from qiao.org.yearbook.models import AllocationInput
from qiao.org.yearbook.queries import Cell, Sheet, TablePage

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
#: What stands for a small cell.
HIDDEN = "–"
#: What stands for a missing input: the allocation takes the median of the level.
MISSING = "missing"


def _mark(page: TablePage) -> str:
    state = _("frozen, SHA-256 %(hash)s") % {"hash": page.edition.sha256} if page.edition.frozen else _("provisional")
    return _("%(unit)s, %(year)d, as of %(day)s (%(state)s)") % {
        "unit": pick(page.unit.name),
        "year": page.edition.year,
        "day": page.edition.as_of.isoformat(),
        "state": state,
    }


def _shown(cell: Cell) -> int | str:
    return HIDDEN if cell.value is None else cell.value


def _summary(page: TablePage) -> Iterator[list[object]]:
    yield [_("Figure"), page.edition.year, page.edition.year - 1, _("How it is computed")]
    for block in page.blocks:
        for cell in block.cells:
            before: object = ""
            if cell.compared:
                before = HIDDEN if cell.before is None else cell.before
            yield [str(cell.figure.label), _shown(cell), before, str(cell.figure.how)]


def _parts(page: TablePage) -> Iterator[list[object]]:
    yield [_("Unit"), _("Label"), *(str(figure.label) for figure in page.columns)]
    for line in page.lines:
        yield [line.label, line.unit.label if line.unit else "", *(_shown(cell) for cell in line.cells)]


def table_workbook(page: TablePage) -> bytes:
    """Two sheets: the unit's figures with the year before, and its parts; hidden cells as a dash."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for title, rows in ((_("Figures"), _summary(page)), (_("Parts"), _parts(page))):
            sheet = book.add_worksheet(title)
            sheet.set_header("&L" + _mark(page)[:200].replace("&", "&&"))
            sheet.fit_to_pages(1, 0)
            sheet.set_landscape()
            sheet.write_string(0, 0, _mark(page))
            sheet.freeze_panes(2, 1)
            sheet.set_column(0, 0, 36)
            sheet.set_column(1, 12, 16)
            for place, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    style = bold if place == 1 else None
                    if isinstance(value, int):
                        sheet.write_number(place, column, value, style)
                    else:
                        sheet.write_string(place, column, str(value), style)
    return stream.getvalue()


def table_lines(page: TablePage) -> Iterator[str]:
    """The same as CSV: the figures, an empty line, the parts."""
    yield from _csv([[_mark(page)], *_summary(page), [], *_parts(page)])


def sheet_lines(sheet: Sheet) -> Iterator[str]:
    """The inputs as CSV; a missing one says so and is never a 0. Columns are named by keys, for programs."""
    yield from _csv(
        [
            [
                "unit", "name", "members", "members_per_full_time_officer", "coverage_gap", "remoteness_minutes",
                "remoteness_as_of", "remoteness_source", "budget_per_member", "budget_as_of", "budget_source",
                "aid_files_per_1000", "aid_files_as_of", "aid_files_source", "contested", "missing",
            ],
            *(
                [
                    row.unit.label, pick(row.unit.name), _or_missing(row.members), _or_missing(row.per_officer, 2),
                    _or_missing(row.gap, 4), *_entered(row.remoteness), *_entered(row.per_member),
                    *_entered(row.aid_files), int(row.contested),
                    row.missing,
                ]
                for row in sheet.rows
            ),
        ]
    )  # fmt: skip


def _or_missing(value: float | None, digits: int | None = None) -> object:
    if value is None:
        return MISSING
    return value if digits is None else round(value, digits)


def _entered(held: AllocationInput | None) -> tuple[object, object, object]:
    return (MISSING, "", "") if held is None else (held.value, held.day.isoformat(), held.source)


def _csv(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([value if value == HIDDEN else disarmed(value) for value in row])
        yield buffer.getvalue()
