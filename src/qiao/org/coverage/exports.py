"""Coverage, its unions and outreach boards as workbooks and CSV: what the pages show, no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qiao.base.cells import disarmed
from qiao.base.i18n import pick
from qiao.org.coverage.models import Campaign, Lead, UnionTest
from qiao.org.coverage.queries import CoveragePage, Line

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def coverage_workbook(page: CoveragePage) -> bytes:
    """Totals, parts and units below, one row each; hidden cells stay empty and say so."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet(_("Coverage"))
        sheet.set_column(0, 1, 32)
        sheet.set_column(2, 20, 16)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(coverage_rows(page)):
            for place, value in enumerate(row):
                if isinstance(value, float):
                    sheet.write_number(line, place, value, share)
                elif isinstance(value, int):
                    sheet.write_number(line, place, value)
                else:
                    sheet.write_string(line, place, value, bold if line == 0 else None)
        about = book.add_worksheet(_("About this file"))
        about.set_column(0, 0, 100)
        for line, text in enumerate(_about(page)):
            about.write_string(line, 0, text)
    return stream.getvalue()


def coverage_csv(page: CoveragePage) -> bytes:
    """The same rows as CSV in UTF-8 with a mark that spreadsheets read."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([disarmed(cell) for cell in row] for row in coverage_rows(page))
    writer.writerow([])
    writer.writerows([disarmed(text)] for text in _about(page))
    return ("\ufeff" + stream.getvalue()).encode()


def coverage_rows(page: CoveragePage) -> Iterator[list[str | int | float]]:
    """Header and rows."""
    yield [
        _("Cut by"), _("Row"), _("Employers in scope"), _("With a union"), _("Union-forming rate"),
        _("Employees in scope"), _("Employees of unionised employers"), _("Members in unionised units"),
        _("Members counted"), _("Membership rate in unionised units"), _("Membership rate of all employees"),
        _("Active unions"), _("In term"), _("Reachable"), pgettext("test", "Active"), _("Told"), _("All four"),
    ]  # fmt: skip
    if page.totals:
        yield _row(_("The whole unit"), page.totals.line)
    for _key, label, lines in page.axes:
        for line in lines:
            yield _row(label, line)
    for line in page.children:
        yield _row(_("Place"), line)


def _row(cut: str, line: Line) -> list[str | int | float]:
    count, hidden = line.count, _("hidden: small cell")
    shown = [count.members_in, count.members_scope] if line.shown else [hidden, hidden]
    rates = [
        found.value if found.value is not None else hidden if not line.shown else ""
        for found in (line.joined_in, line.joined_all)
    ]
    return [
        cut, line.label, count.employers, count.formed, "" if line.formed.value is None else line.formed.value,
        count.employees, count.employees_in, *shown, *rates, count.unions, count.in_term, count.reachable,
        count.active, count.told, count.effective,
    ]  # fmt: skip


def _about(page: CoveragePage) -> list[str]:
    day = page.day.isoformat() if page.day else "–"
    scope = pick(page.scope.text) if page.scope else _("not stated: no rates")
    return [
        f"{pick(page.unit.name)} · {page.unit.label}",
        _("As of %(day)s.") % {"day": day},
        _("Scope: %(scope)s") % {"scope": scope},
        _("Cells of fewer than 5, and those that would give them away, are hidden."),
    ]


def unions_workbook(rows: Iterable[UnionTest]) -> bytes:
    """Unions with the four tests, one row each."""
    yes, no = pgettext("test", "yes"), pgettext("test", "no")
    heads = [
        (_("Union"), 36), (_("Union's label"), 20), (_("In term"), 14), (_("Reachable"), 14),
        (pgettext("test", "Active"), 14), (_("Told"), 14), (_("All four"), 14),
    ]  # fmt: skip
    lines = (
        [pick(row.unit.name), row.unit.label] + [yes if holds else no for holds in (*tests, all(tests))]
        for row in rows
        for tests in [(row.in_term, row.reachable, row.active, row.told)]
    )
    return _list_workbook(_("The four tests"), heads, lines)


def board_workbook(campaign: Campaign, leads: Iterable[Lead]) -> bytes:
    """The employers of a campaign with their state and next step; no worker stands in it."""
    heads = [
        (_("Number"), 14), (_("Employer"), 36), (_("State"), 16), (_("Reason"), 28), (_("Next step"), 40),
        (_("Due"), 14), (_("Union"), 28), (_("Union's label"), 20),
    ]  # fmt: skip
    lines = (
        [
            lead.employer.code, lead.employer.name, lead.get_state_display(), lead.get_reason_display(),
            lead.next_step, lead.next_due, pick(lead.formed_unit.name) if lead.formed_unit else "",
            lead.formed_unit.label if lead.formed_unit else "",
        ]
        for lead in leads
    )  # fmt: skip
    return _list_workbook(campaign.code, heads, lines)


def _list_workbook(name: str, heads: list[tuple[str, int]], lines: Iterable[Sequence[str | date | None]]) -> bytes:
    """One sheet with a fixed header row; texts are texts, whatever they begin with."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**_OPTIONS, "default_date_format": "yyyy-mm-dd"}) as book:
        bold, sheet = book.add_format({"bold": True}), book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for place, (title, width) in enumerate(heads):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        for line, cells in enumerate(lines, 1):
            for place, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value)
                elif value:
                    sheet.write_string(line, place, value)
    return stream.getvalue()
