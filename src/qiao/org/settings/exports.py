"""All settings of a unit as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.org.settings.queries.pages import Part, Row, years_of
from qiao.org.settings.rules.calendar import CALENDAR

if TYPE_CHECKING:
    from qiao.org.units.models import Unit

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def settings_workbook(parts: Sequence[Part], unit: Unit | None, on: date) -> bytes:
    """Every setting as it stands at the unit on the day; the calendar's days on a sheet of their own."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Settings"))
        where = pick(unit.name) if unit else _("Defaults")
        sheet.write_string(0, 0, f"{where} · {on.isoformat()}", bold)
        sheet.freeze_panes(2, 0)
        for place, (title, width) in enumerate(_COLUMNS()):
            sheet.set_column(place, place, width)
            sheet.write_string(1, place, title, bold)
        line = 2
        calendar: Row | None = None
        for part in parts:
            for row in part.rows:
                for place, text in enumerate(_cells(part.label, row)):
                    sheet.write_string(line, place, text, wrap)
                line += 1
                if row.setting.key == CALENDAR.key:
                    calendar = row
        if calendar and calendar.ruling:
            days = book.add_worksheet(_("Calendar"))
            days.set_column(0, 1, 16)
            for place, title in enumerate((_("Date"), _("Kind"))):
                days.write_string(0, place, title, bold)
            rows = [
                (day, kind)
                for year in years_of(calendar.ruling.value)
                for found, kind in ((year.rest, _("rest")), (year.working, _("work")))
                for day in found
            ]
            for line, (day, kind) in enumerate(sorted(rows), 1):
                days.write_string(line, 0, day.isoformat())
                days.write_string(line, 1, kind)
    return stream.getvalue()


def _COLUMNS() -> tuple[tuple[str, int], ...]:  # noqa: N802 - a table of this module, translated when asked
    return (
        (_("Part"), 22),
        (_("Setting"), 40),
        (_("Key"), 24),
        (_("Value"), 20),
        (_("Comes from"), 32),
        (_("Since"), 12),
        (_("Set by"), 20),
        (_("Reason"), 40),
        (_("Source"), 30),
    )


def _cells(part: str, row: Row) -> tuple[str, ...]:
    ruling = row.ruling
    origin = pick(row.unit.name) if row.unit else _("Default") if ruling else _("Nobody has set it")
    return (
        part,
        str(row.setting.label),
        row.setting.key,
        row.value,
        origin,
        ruling.since.isoformat() if ruling and ruling.since else "",
        ruling.set_by if ruling else "",
        ruling.reason if ruling else "",
        row.law,
    )
