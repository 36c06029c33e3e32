"""Workbooks of the register: an approved export, and the template of imports."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import IO

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qiao.base.i18n import pick
from qiao.org.membership.choices import Employment, Field, Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.services import Taken
from qiao.org.people.choices import ContactKind
from qiao.org.units.models import Unit

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
#: Rows of one sheet; a spreadsheet takes 1,048,576.
_SHEET_ROWS = 1_000_000


def register_workbook(taken: Taken, now: datetime) -> IO[bytes]:
    """The register as XLSX, in a file that is gone once it is closed; memory does not grow with the register.

    Who took it, when and what for stands on every printed page and on a sheet of its own; what each column means on
    another. Texts are written as texts: nothing in them is a formula.
    """
    export = taken.export
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(file, {**_OPTIONS, "constant_memory": True}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        columns = _columns(contacts=export.contacts)
        number = 0
        sheet = _members_sheet(book, taken, now, columns, bold, 1)
        for number, row in enumerate(taken.rows, 1):
            line = (number - 1) % _SHEET_ROWS + 1
            if line == 1 and number > 1:
                sheet = _members_sheet(book, taken, now, columns, bold, number // _SHEET_ROWS + 1)
            for place, column in enumerate(columns):
                value = column.value(row, taken)
                if isinstance(value, int):
                    sheet.write_number(line, place, value)
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                else:
                    sheet.write_string(line, place, value)
        _about_sheet(book, taken, now, number, bold)
        meaning = book.add_worksheet(_("Columns"))
        meaning.set_column(0, 0, 24)
        meaning.set_column(1, 1, 90)
        for line, (title, text) in enumerate(
            [(_("Column"), _("Meaning")), *((one.title, one.meaning) for one in columns)]
        ):
            meaning.write_string(line, 0, title, bold)
            meaning.write_string(line, 1, text)
    file.seek(0)
    return file


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its title, width, meaning, and what stands in it."""

    title: str
    width: int
    meaning: str
    value: Callable[[Membership, Taken], str | int | date]


def _columns(*, contacts: bool) -> list[_Column]:
    kinds = {kind.value: str(kind.label) for kind in Employment}
    states = {state.value: str(state.label) for state in Standing}
    found = [
        _Column(_("Number"), 10, _("The member's number; it never changes."), lambda row, _t: row.person_id),
        _Column(_("Name"), 16, _("As the member writes it."), lambda row, _t: row.person.name),
        _Column(_("Unit"), 36, _("The union the member belongs to."), lambda row, _t: pick(row.unit.name)),
        _Column(_("Unit label"), 20, _("Its short label, as on its page."), lambda row, _t: row.unit.label),
        _Column(
            _("Kind of employment"),
            24,
            _("Direct, agency, platform, freelance."),
            lambda row, _t: kinds[row.employment],
        ),
        _Column(_("Member since"), 14, _("First day of this standing."), lambda row, _t: row.since),
        _Column(_("Standing"), 14, _("Active, or in transfer to another unit."), lambda row, _t: states[row.state]),
    ]
    if contacts:
        found += [
            _Column(
                str(kind.label), 26, _("As the member or an officer gave it; empty where there is none."),
                partial(_contact, kind.value),
            )
            for kind in ContactKind
        ]  # fmt: skip
    return found


def _contact(kind: str, row: Membership, taken: Taken) -> str:
    return taken.contacts.get((row.person_id, kind), "")


def _members_sheet(
    book: xlsxwriter.Workbook, taken: Taken, now: datetime, columns: list[_Column], bold: Format, number: int
) -> Worksheet:
    title = _("Members")
    sheet = book.add_worksheet(title if number == 1 else f"{title} {number}")
    mark = _("%(code)s · %(name)s · %(moment)s · %(purpose)s") % {
        "code": taken.export.code,
        "name": taken.taker,
        "moment": localtime(now).strftime("%Y-%m-%d %H:%M"),
        "purpose": taken.export.purpose,
    }
    # A header of a sheet takes 255 signs, and an ampersand begins a command in it.
    sheet.set_header("&L" + mark[:200].replace("&", "&&"))
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, bold)
    return sheet


def _about_sheet(book: xlsxwriter.Workbook, taken: Taken, now: datetime, number: int, bold: Format) -> None:
    export = taken.export
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
            (_("Contacts"), _("included") if export.contacts else _("not included")),
            (_("Handling"), _("Do not pass it on. Delete it once its purpose is fulfilled.")),
        )
    ):
        about.write_string(line, 0, title, bold)
        about.write_string(line, 1, value)


def import_template(unit: Unit, today: date) -> bytes:
    """A workbook to fill in: the columns every register has, a list to choose from, two examples on another sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**_OPTIONS, "in_memory": True}) as book:
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
