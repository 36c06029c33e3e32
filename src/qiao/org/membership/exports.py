"""Workbooks of the register: an approved export, and the template of imports."""

from __future__ import annotations

import io
from datetime import date, datetime

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.org.membership.choices import Employment, Field, Standing
from qiao.org.membership.services import Taken
from qiao.org.units.models import Unit

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def register_workbook(taken: Taken, now: datetime) -> bytes:
    """The register as XLSX; who took it, when and what for stands on every printed page and on a sheet of its own."""
    stream = io.BytesIO()
    export = taken.export
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("Members"))
        mark = _("%(code)s · %(name)s · %(moment)s · %(purpose)s") % {
            "code": export.code,
            "name": taken.taker,
            "moment": localtime(now).strftime("%Y-%m-%d %H:%M"),
            "purpose": export.purpose,
        }
        # A header of a sheet takes 255 signs, and an ampersand begins a command in it.
        sheet.set_header("&L" + mark[:200].replace("&", "&&"))
        sheet.freeze_panes(1, 0)
        for place, (title, width) in enumerate(
            (
                (_("Number"), 10),
                (_("Name"), 16),
                (_("Unit"), 36),
                (_("Unit label"), 20),
                (_("Kind of employment"), 24),
                (_("Member since"), 14),
                (_("Standing"), 14),
            )
        ):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        number = 0
        for number, row in enumerate(taken.rows, 1):
            sheet.write_number(number, 0, row.person_id)
            sheet.write_string(number, 1, row.person.name)
            sheet.write_string(number, 2, pick(row.unit.name))
            sheet.write_string(number, 3, row.unit.label)
            sheet.write_string(number, 4, str(Employment(row.employment).label))
            sheet.write_datetime(number, 5, row.since)
            sheet.write_string(number, 6, str(Standing(row.state).label))
        about = book.add_worksheet(_("About this file"))
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 70)
        for line, (title, value) in enumerate(
            (
                (_("Export"), export.code),
                (_("Unit"), f"{pick(export.unit.name)} · {export.unit.label}"),
                (_("Purpose"), export.purpose),
                (_("Taken by"), taken.taker),
                (_("Taken"), localtime(now).strftime("%Y-%m-%d %H:%M")),
                (_("Members"), str(number)),
                (_("Handling"), _("Do not pass it on. Delete it once its purpose is fulfilled.")),
            )
        ):
            about.write_string(line, 0, title, bold)
            about.write_string(line, 1, value)
    return stream.getvalue()


def import_template(unit: Unit, today: date) -> bytes:
    """A workbook to fill in: the four columns, a list to choose from, two examples on a sheet of their own."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_("Members"))
        titles = [str(field.label) for field in (Field.NAME, Field.EMPLOYMENT, Field.SINCE, Field.UNIT)]
        for place, (title, form) in enumerate(zip(titles, (text, text, day, text), strict=True)):
            sheet.set_column(place, place, 26, form)
            sheet.write_string(0, place, title, bold)
        sheet.freeze_panes(1, 0)
        kinds = [str(kind.label) for kind in Employment]
        sheet.data_validation(1, 1, 5000, 1, {"validate": "list", "source": kinds})
        example = book.add_worksheet(_("Example"))
        for place, title in enumerate(titles):
            example.set_column(place, place, 26)
            example.write_string(0, place, title, bold)
        for line, name in enumerate(("云知秋", "江若水"), 1):
            example.write_string(line, 0, name)
            example.write_string(line, 1, kinds[line - 1])
            example.write_datetime(line, 2, today)
            example.write_string(line, 3, unit.label)
    return stream.getvalue()
