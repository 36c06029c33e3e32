"""The board as CSV and XLSX, milestones as an iCalendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Milestone
from qiao.deliver.programmes.queries.board import BoardRow

Cell = str | int | float | date


def board_table(rows: Iterable[BoardRow]) -> tuple[list[str], list[list[Cell]]]:
    """Head and rows of the board, as both files have them."""
    head = [
        _("Project code"),
        _("Title"),
        _("State"),
        _("Responsible unit"),
        _("Responsible person"),
        _("Starts on"),
        _("To be done by"),
        _("Source target"),
        _("Progress in per cent"),
        _("Budget"),
        _("Money spent"),
        _("Next milestone"),
        _("Due on"),
        _("Overdue"),
        _("Decision"),
        _("Proposal"),
        _("Evaluation"),
    ]
    return head, [_line(row) for row in rows]


def _line(row: BoardRow) -> list[Cell]:
    project, coming = row.project, row.next_milestone
    return [
        project.code,
        pick(project.title),
        str(State(project.state).label),
        pick(project.unit.name),
        project.owner.display_name,
        project.starts,
        project.due,
        project.source_due or "",
        project.progress,
        float(project.budget),
        float(project.spent),
        pick(coming.title) if coming else "",
        coming.due if coming else "",
        _("yes") if row.late or row.late_milestones else _("no"),
        project.decision_code,
        project.proposal_code,
        project.evaluation_code,
    ]


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark (spreadsheets ask for it); cells that would be formulas are disarmed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str) -> bytes:
    """A workbook of one sheet: dates are dates, numbers numbers, texts never formulas."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, head, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
                else:
                    page.write(number, column, cell)
        page.freeze_panes(1, 1)
        page.autofit()
    return stream.getvalue()


def as_calendar(milestones: Iterable[tuple[Milestone, str]], *, name: str, now: datetime) -> bytes:
    """Milestones, with the address of their project, as all-day events (RFC 5545)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qiao//Projects//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for milestone, url in milestones:
        title = f"{pick(milestone.title)} · {pick(milestone.project.title)}"
        if milestone.progress == 100:
            title = f"✓ {title}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:milestone-{milestone.pk}-{milestone.project.code}@qiao",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{milestone.due:%Y%m%d}",
            f"DTEND;VALUE=DATE:{milestone.due + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            f"DESCRIPTION:{_escaped(pick(milestone.project.unit.name))} · {milestone.progress} %",
            f"URL:{url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> str:
    """Content lines have 75 octets at most; a fold never cuts a sign in two."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            parts.append(part)
            part, size = "", 1
        part += sign
        size += octets
    parts.append(part)
    return "\r\n ".join(parts) + "\r\n"


def _disarmed(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
