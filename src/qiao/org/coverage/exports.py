"""Coverage as a workbook and as CSV: what the page shows, no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.cells import disarmed
from qiao.base.i18n import pick
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
        _("Active unions"), _("In term"), _("Reachable"), _("Active"), _("Told"), _("All four"),
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
