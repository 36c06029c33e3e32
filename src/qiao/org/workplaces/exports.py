"""Workbooks of employers: the list as shown, and the template of imports."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import Field, Ownership, Sector
from qiao.org.workplaces.models import Employer

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def employers_workbook(rows: Iterable[Employer], on: date) -> bytes:
    """Employers with their last headcount and union, as rows of `queries.employer_page`."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("Employers"))
        sheet.freeze_panes(1, 0)
        titles = [
            (_("Number"), 12), (str(Field.NAME.label), 36), (str(Field.REG_CODE.label), 22),
            (str(Field.PLACE.label), 20), (str(Field.SECTOR.label), 22), (str(Field.OWNERSHIP.label), 22),
            (str(Field.DIRECT.label), 14), (str(Field.AGENCY.label), 14), (str(Field.PLATFORM.label), 14),
            (_("Union"), 28), (_("Union's label"), 20), (_("Last confirmed"), 14),
        ]  # fmt: skip
        for place, (title, width) in enumerate(titles):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        for line, row in enumerate(rows, 1):
            union: Unit | None = row.union  # type: ignore[attr-defined]
            texts = (
                row.code, row.name, row.reg_code or "", row.place.label, str(Sector(row.sector).label),
                str(Ownership(row.ownership).label),
            )  # fmt: skip
            for place, text in enumerate(texts):
                sheet.write_string(line, place, text)
            for place, kind in enumerate(("direct", "agency", "platform"), 6):
                number = getattr(row, kind)
                if number is not None:
                    sheet.write_number(line, place, number)
            sheet.write_string(line, 9, pick(union.name) if union else "")
            sheet.write_string(line, 10, union.label if union else "")
            sheet.write_datetime(line, 11, row.confirmed)
        about = book.add_worksheet(_("About this file"))
        about.set_column(0, 0, 90)
        about.write_string(0, 0, _("Employers as of %(day)s.") % {"day": on.isoformat()})
        about.write_string(1, 0, _("Nothing in it says who is a member."))
    return stream.getvalue()


def import_template(unit: Unit) -> bytes:
    """A workbook to fill in, with lists to choose from."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_("Employers"))
        sheet.freeze_panes(1, 0)
        fields = list(Field)
        for place, field in enumerate(fields):
            sheet.set_column(
                place, place, 24, text if field not in (Field.DIRECT, Field.AGENCY, Field.PLATFORM) else None
            )
            sheet.write_string(0, place, str(field.label), bold)
        sectors = [sector.value for sector in Sector]
        sheet.data_validation(1, fields.index(Field.SECTOR), 5000, fields.index(Field.SECTOR), {
            "validate": "list", "source": sectors,
        })  # fmt: skip
        help_sheet = book.add_worksheet(_("What may stand where"))
        help_sheet.set_column(0, 1, 40)
        lines = [(sector.value, str(sector.label)) for sector in Sector]
        lines += [(str(kind.label), "") for kind in Ownership]
        lines += [(unit.label, pick(unit.name))]
        for line, (first, second) in enumerate(lines):
            help_sheet.write_string(line, 0, first)
            help_sheet.write_string(line, 1, second)
    return stream.getvalue()
