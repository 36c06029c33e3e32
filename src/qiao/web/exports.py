"""Files of the shell's own pages."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qiao.base.models import AuditRow
from qiao.web.audit_words import words_of

#: More rows than this are asked for day by day.
AUDIT_ROWS = 100_000


def audit_workbook(rows: Iterable[AuditRow]) -> bytes:
    """The audit log as a workbook: when, who, what in words, the action's own name, object."""
    stream = io.BytesIO()
    # Rows go to disk as they come, and no cell is ever a formula or a link.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet(_("Audit log"))
    for column, head in enumerate((_("When"), _("Who"), _("What"), _("Action"), _("Object"))):
        sheet.write_string(0, column, head)
    for number, row in enumerate(rows, 1):
        cells = (f"{localtime(row.at):%Y-%m-%d %H:%M:%S}", row.actor_name, words_of(row.action), row.action, row.code)
        for column, text in enumerate(cells):
            sheet.write_string(number, column, text)
    book.close()
    return stream.getvalue()
