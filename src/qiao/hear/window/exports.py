"""Requests as a workbook: no words, no names."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def requests_workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows of the inbox under their heads."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        sheet = book.add_worksheet(_("Requests at the window"))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        heads = (
            _("Code of the request"), _("Class"), _("Topic"), _("Came by"), _("State"), _("Time class"), _("Body"),
            _("Handler"),
            _("Received"), _("Promised"), _("Answered"), _("What the asker says"),
        )  # fmt: skip
        for place, head in enumerate(heads):
            sheet.set_column(place, place, 18)
            sheet.write_string(0, place, head, bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                elif value is not None:
                    sheet.write_string(number, place, str(value))
    return stream.getvalue()
