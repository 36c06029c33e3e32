"""The overdue boards as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format

from qiao.base.i18n import pick
from qiao.org.elections.queries import Board
from qiao.org.units.models import Unit

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def board_workbook(unit: Unit, board: Board, today: date) -> bytes:
    """Three sheets: by unit directly below, elections overdue, chairs vacant; each says its date and its unit."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        mark = _("%(unit)s, as of %(day)s") % {"unit": pick(unit.name), "day": today.isoformat()}
        _sheet(
            book, bold, _("By unit below"), mark,
            [_("Unit"), _("Unit label"), _("Active units"), _("Elections overdue"), _("Chairs vacant too long")],
            ([pick(row.unit.name), row.unit.label, row.active, row.overdue, row.vacant] for row in board.shares),
        )  # fmt: skip
        _sheet(
            book, bold, _("Elections overdue"), mark,
            [_("Unit"), _("Unit label"), _("Below"), _("Term ended"), _("Days over"), _("Election open")],
            (
                [pick(row.unit.name), row.unit.label, pick(row.below.name) if row.below else "", row.until, row.days,
                 row.election_code]
                for row in board.rows
            ),
        )  # fmt: skip
        _sheet(
            book, bold, _("Chairs vacant"), mark,
            [_("Unit"), _("Unit label"), _("Below"), _("Vacant since"), _("Days"), _("Days over the limit")],
            (
                [pick(row.unit.name), row.unit.label, pick(row.below.name) if row.below else "", row.since, row.days,
                 row.over]
                for row in board.vacancies
            ),
        )  # fmt: skip
    return stream.getvalue()


def _sheet(
    book: xlsxwriter.Workbook,
    bold: Format,
    title: str,
    mark: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.set_header("&L" + mark[:200].replace("&", "&&"))
    sheet.write_string(0, 0, mark)
    sheet.freeze_panes(2, 1)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, 32 if column in (0, 2) else 18)
        sheet.write_string(1, column, head, bold)
    for place, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(place, column, value)
            elif isinstance(value, int):
                sheet.write_number(place, column, value)
            else:
                sheet.write_string(place, column, str(value))
