"""The calendar, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.base.tables import read_table
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries.ruling import calendar_of
from qiao.org.settings.rules.calendar import CALENDAR
from qiao.org.settings.rules.calendar_table import Days, read_days, with_year
from qiao.org.settings.services.change import require_setter, set_value

if TYPE_CHECKING:
    from qiao.org.units.models import Unit

#: Days of one file: years of holidays, and nothing larger.
MOST_DAYS = 4_000


def set_calendar_years(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    years: Mapping[int, Days],
    since: date,
    reason: str,
    seen: int | None = None,
) -> SettingValue:
    """Replace the days of these years in the unit's calendar; other years stay. Raises as `set_value`."""
    require_setter(actor, CALENDAR, unit)
    calendar = calendar_of(unit.path, since)
    for year, days in years.items():
        calendar = with_year(calendar, year, days)
    return set_value(
        actor=actor, now=now, setting_key=CALENDAR.key, unit=unit, value=calendar, since=since, reason=reason, seen=seen
    )


def import_calendar(
    *, actor: Actor, now: datetime, unit: Unit, file: Path, since: date, reason: str, seen: int | None = None
) -> SettingValue:
    """Take the days of a CSV file or workbook over, each year it names as a whole.

    Raises Problems with the place of every faulty cell (nothing is taken over), and as `set_value`.
    """
    require_setter(actor, CALENDAR, unit)
    table = read_table(file, max_bytes=1_000_000)
    if table.num_rows > MOST_DAYS:
        raise Problem("A calendar has at most %(most)s rows.", most=str(MOST_DAYS))
    days = read_days(table)
    years = sorted({day.year for day in days.rest | days.working})
    return set_calendar_years(
        actor=actor,
        now=now,
        unit=unit,
        years={
            year: Days(
                frozenset(day for day in days.rest if day.year == year),
                frozenset(day for day in days.working if day.year == year),
            )
            for year in years
        },
        since=since,
        reason=reason,
        seen=seen,
    )
