"""Days as people write them in a table or a form: rest days and moved working days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from qiao.base.deadlines import Calendar
from qiao.base.problems import Place, Problem, Problems
from qiao.base.tables import place

#: Names of the two columns, as a header may write them (after NFKC, lower case).
_DAY = ("日期", "日子", "date", "day")
_KIND = ("类型", "性质", "安排", "kind", "type")
_REST = ("休", "休息", "休息日", "放假", "节假日", "法定节假日", "rest", "rest day", "holiday", "off")
_WORK = ("班", "上班", "调休", "调休上班", "工作日", "补班", "work", "working day", "workday", "worked")
_WRITTEN = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
#: A range: "2026-10-01 ~ 2026-10-07", "2026-10-01 – 2026-10-07", "2026-10-01 至 2026-10-07".
_RANGE = re.compile(r"\s*(?:~|–|—|至|到|\bto\b)\s*")
_LONGEST_RANGE = 60


@dataclass(frozen=True, slots=True)
class Days:
    """What a table says: rest days and moved working days."""

    rest: frozenset[date]
    working: frozenset[date]


def as_day(text: str, where: Place | None = None) -> date:
    """A day as people write it; raises Problem with the place otherwise."""
    plain = unicodedata.normalize("NFKC", text).strip()
    # A day of a spreadsheet arrives with its midnight.
    plain = re.sub(r"[T ]00:00(:00)?$", "", plain)
    found = _WRITTEN.match(plain)
    try:
        if found:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            if 2000 <= day.year < 2200:
                return day
    except ValueError:
        pass
    raise Problem(
        "“%(text)s” is not a day.", place=where, hint="Write it as 2026-10-01.", text=text.strip()[:40]
    ) from None


def read_days(table: pa.Table) -> Days:
    """Days of a table with a column of days and, optionally, one that says rest or work (without it: rest).

    Raises Problems with every faulty cell.
    """
    names = {unicodedata.normalize("NFKC", name).strip().lower(): name for name in table.column_names}
    day_column = next((names[name] for name in _DAY if name in names), None)
    kind_column = next((names[name] for name in _KIND if name in names), None)
    if day_column is None:
        raise Problem(
            "No column holds the days. The file has these columns: %(present)s.",
            place=place(table),
            hint="Name the column “Date”, and beside it “Kind” with “rest” or “work”.",
            present=", ".join(table.column_names),
        )
    days = table[day_column].to_pylist()
    kinds = table[kind_column].to_pylist() if kind_column else ["休"] * len(days)
    found: dict[date, tuple[bool, int]] = {}
    faults: list[Problem] = []
    for index, (text, kind) in enumerate(zip(days, kinds, strict=True)):
        try:
            day = as_day(text, place(table, index=index, column=day_column))
            works = _works(kind, place(table, index=index, column=kind_column))
            before = found.setdefault(day, (works, index))
            if before[0] != works:
                raise Problem(
                    "%(day)s stands here as the contrary of what another row says.",
                    place=place(table, index=index, column=day_column),
                    hint="Keep one of the two rows.",
                    day=day.isoformat(),
                )
        except Problem as problem:
            faults.append(problem)
    if faults:
        raise Problems(faults)
    return Days(
        frozenset(day for day, (works, _row) in found.items() if not works),
        frozenset(day for day, (works, _row) in found.items() if works),
    )


def read_lines(text: str, year: int, field: str) -> frozenset[date]:
    """Days typed one a line, or as a range from one day to another, all of one year. Raises Problems."""
    found: set[date] = set()
    faults: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        where = Place(field, row=number)
        if not line.strip():
            continue
        try:
            ends = [as_day(part, where) for part in _RANGE.split(line.strip())]
            found |= _between(ends, year, where)
        except Problem as problem:
            faults.append(problem)
    if faults:
        raise Problems(faults)
    return frozenset(found)


def with_year(calendar: Calendar, year: int, days: Days) -> Calendar:
    """The calendar with one year's days replaced."""
    both = days.rest & days.working
    if both:
        raise Problem("%(day)s cannot be a rest day and worked.", day=min(both).isoformat())
    return Calendar(
        frozenset(day for day in calendar.rest_days if day.year != year) | days.rest,
        frozenset(day for day in calendar.extra_working_days if day.year != year) | days.working,
        calendar.weekend,
    )


def _between(ends: Sequence[date], year: int, where: Place) -> set[date]:
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or last < first or (last - first).days >= _LONGEST_RANGE:
        raise Problem("This is no range of days.", place=where, hint="Write 2026-10-01 ~ 2026-10-07.")
    if first.year != year or last.year != year:
        raise Problem("This day is not in %(year)s.", place=where, year=str(year))
    return {first + timedelta(days=step) for step in range((last - first).days + 1)}


def _works(kind: str, where: Place) -> bool:
    plain = unicodedata.normalize("NFKC", kind).strip().lower()
    if plain in _WORK:
        return True
    if plain in _REST or not plain:
        return False
    raise Problem("“%(text)s” says neither rest nor work.", place=where, hint="Write “rest” or “work”.", text=kind[:40])
