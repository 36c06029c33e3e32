"""Days at the base as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.deliver.contacts.queries import OfficerDays

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def officers_workbook(rows: Iterable[OfficerDays]) -> bytes:
    """Officers with their days that count, what is asked of them by now, and visits not logged in time."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        sheet = book.add_worksheet(_("Days at the base"))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        heads = (_("Officer"), _("Unit"), _("Days that count"), _("Asked by now"), _("Not logged in time"))
        for place, head in enumerate(heads):
            sheet.set_column(place, place, 22)
            sheet.write_string(0, place, head, bold)
        for number, row in enumerate(rows, 1):
            sheet.write_string(number, 0, row.officer.display_name)
            sheet.write_string(number, 1, pick(row.unit.name))
            sheet.write_number(number, 2, row.days)
            sheet.write_number(number, 3, round(row.asked, 1))
            sheet.write_number(number, 4, row.overdue)
    return stream.getvalue()
