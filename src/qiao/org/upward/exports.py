"""Lists of papers and the register as workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.org.upward.models import Paper, ReportDemand

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}


def papers_workbook(papers: Iterable[Paper]) -> bytes:
    """Papers with their clocks: no text, no question, no answer."""
    heads = (_("Number"), _("Kind of paper"), _("Sent by"), _("With"), _("Matter"), _("Title"), _("State"), _("Issued"),
             _("Answer due"), _("Answered on"), _("Answer"))  # fmt: skip
    rows = (
        (
            paper.code,
            str(paper.get_kind_display()),
            pick(paper.unit.name),
            pick(paper.holder.name),
            str(paper.get_matter_display()),
            paper.title,
            str(paper.get_state_display()),
            _day(paper.issued),
            _day(paper.due),
            _day(paper.answered),
            str(paper.get_outcome_display()) if paper.outcome else "",
        )
        for paper in papers
    )
    return _workbook(_("Papers"), heads, rows)


def register_workbook(demands: Iterable[ReportDemand]) -> bytes:
    """The register of what is asked of the base."""
    heads = (_("Number"), _("Asked by"), _("Name of the form or report"), _("What it is needed for"), _("Asked of"),
             _("Minutes for one filling"), _("Times a year"), _("First asked on"), _("Ends by itself on"),
             _("Responsible"))  # fmt: skip
    rows = (
        (
            demand.code,
            pick(demand.unit.name),
            pick(demand.title),
            pick(demand.purpose),
            str(demand.get_asked_of_display()),
            demand.minutes,
            demand.times,
            demand.begins,
            demand.ends,
            demand.owner.display_name,
        )
        for demand in demands
    )
    return _workbook(_("Register"), heads, rows)


def _day(moment: datetime | None) -> date | None:
    return localtime(moment).date() if moment else None


def _workbook(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, bold)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, cell)
    return stream.getvalue()
