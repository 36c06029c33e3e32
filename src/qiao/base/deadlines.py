"""Clocks (mechanism S2 of the field): how long something may take, when it is due, how far it has run.

Pure: no database and no clock. Days are the days of the installation's time zone. Counting starts the day after the
event, and a due day that is a rest day moves to the next working day; a span of hours runs through, by day and night.
An object keeps its start, its due moment and the setting its span came from, so that a later change of the setting
does not touch a clock that runs.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils.timezone import get_default_timezone

#: Shares of the way at which a running clock warns (handbook S2, a default).
WARN_AT = (0.5, 0.8)
#: Beyond so many days in a row without work the calendar is mistaken, not the clock.
_LONGEST_REST = 366


class SpanUnit(StrEnum):
    """What a span counts in."""

    DAYS = "d"
    WORKING_DAYS = "wd"
    HOURS = "h"
    MONTHS = "mo"
    YEARS = "y"


@dataclass(frozen=True, slots=True)
class Span:
    """A length such as 15 working days. Raises ValueError for a negative number."""

    number: int
    unit: SpanUnit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", SpanUnit(self.unit))
        if self.number < 0:
            raise ValueError(f"a span cannot be negative: {self.number}")

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: the days of rest of every week, further rest days, and rest days that are worked.

    ``weekend`` counts Monday as 0. A day in both lists is worked: the moved working day is the later word.
    """

    rest_days: frozenset[date] = frozenset()
    extra_working_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        if day in self.extra_working_days:
            return True
        return day.weekday() not in self.weekend and day not in self.rest_days

    def next_working_day(self, day: date) -> date:
        """``day`` itself where it is worked, else the next one that is. Raises ValueError for a year without work."""
        for later in range(_LONGEST_REST):
            found = day + timedelta(days=later)
            if self.works(found):
                return found
        raise ValueError("the calendar knows no working day within a year")

    def after_working_days(self, day: date, number: int) -> date:
        """The ``number``-th working day after ``day``."""
        for _ in range(number):
            day = self.next_working_day(day + timedelta(days=1))
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days there are after ``first`` up to and with ``last``; 0 where ``last`` is not later."""
        return sum(self.works(first + timedelta(days=step)) for step in range(1, (last - first).days + 1))


#: Weekends only: what holds where nobody has set a calendar.
WEEKENDS_ONLY = Calendar()


class Mark(StrEnum):
    """How far a clock has run."""

    RUNNING = "running"
    HALF = "half"
    NEARLY = "nearly"
    OVERDUE = "overdue"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Progress:
    """``share`` of the way from start (0) to due (1, and beyond once overdue); ``left`` is negative once overdue."""

    share: float
    mark: Mark
    left: timedelta

    @property
    def warns(self) -> bool:
        """Whether the holder should see it before the rest."""
        return self.mark in (Mark.HALF, Mark.NEARLY, Mark.OVERDUE)


def due(start: datetime, span: Span, calendar: Calendar = WEEKENDS_ONLY) -> datetime:
    """The last second in which an act is still in time. Raises ValueError for a naive ``start``.

    Months and years end on the day of the same number, or on the last of a shorter month.
    """
    if span.unit == SpanUnit.HOURS:
        return _aware(start) + timedelta(hours=span.number)
    return _end_of(calendar.next_working_day(_last_day(_day(start), span, calendar)))


def extended(due_at: datetime, span: Span, calendar: Calendar = WEEKENDS_ONLY) -> datetime:
    """The due moment after an extension: counted from the due day, so that it can only become later."""
    return due(due_at, span, calendar)


def resumed(
    due_at: datetime, paused: datetime, again: datetime, unit: SpanUnit, calendar: Calendar = WEEKENDS_ONLY
) -> datetime:
    """The due moment after a pause, with exactly the paused span added: hours to hours, days to days, worked to worked.

    Only then is a due day that has become a rest day moved. Raises ValueError where the pause ends before it begins.
    """
    if _aware(again) < _aware(paused):
        raise ValueError("a pause cannot end before it begins")
    if unit == SpanUnit.HOURS:
        return due_at + (again - paused)
    first, last, day = _day(paused), _day(again), _day(due_at)
    if unit == SpanUnit.WORKING_DAYS:
        day = calendar.after_working_days(day, calendar.working_days_between(first, last))
    else:
        day += timedelta(days=(last - first).days)
    return _end_of(calendar.next_working_day(day))


def progress(
    start: datetime,
    due_at: datetime,
    now: datetime,
    *,
    paused: datetime | None = None,
    warn_at: Sequence[float] = WARN_AT,
) -> Progress:
    """How far a clock has run at ``now``; one that is paused stands still since ``paused``."""
    here = min(now, paused) if paused else now
    whole, gone = (due_at - start).total_seconds(), (here - start).total_seconds()
    share = max(gone, 0.0) / whole if whole > 0 else float(gone > 0)
    left = due_at - here
    if paused:
        return Progress(share, Mark.PAUSED, left)
    if left < timedelta(0):
        return Progress(share, Mark.OVERDUE, left)
    half, nearly = warn_at
    return Progress(share, Mark.NEARLY if share >= nearly else Mark.HALF if share >= half else Mark.RUNNING, left)


def before(now: datetime, span: Span) -> datetime:
    """The moment so long before ``now``: what is older has been kept its time. Working days are not counted back.

    Raises ValueError for a span of working days.
    """
    if span.unit == SpanUnit.WORKING_DAYS:
        raise ValueError("working days are counted forward only")
    if span.unit == SpanUnit.HOURS:
        return now - timedelta(hours=span.number)
    if span.unit == SpanUnit.DAYS:
        return now - timedelta(days=span.number)
    here = now.astimezone(get_default_timezone())
    months = -span.number * (12 if span.unit == SpanUnit.YEARS else 1)
    return datetime.combine(_months_later(here.date(), months), here.time(), here.tzinfo)


def _last_day(day: date, span: Span, calendar: Calendar) -> date:
    if span.unit == SpanUnit.WORKING_DAYS:
        return calendar.after_working_days(day, span.number)
    if span.unit == SpanUnit.DAYS:
        return day + timedelta(days=span.number)
    return _months_later(day, span.number * (12 if span.unit == SpanUnit.YEARS else 1))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(moment: datetime) -> date:
    return _aware(moment).astimezone(get_default_timezone()).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), get_default_timezone())


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a clock needs a moment with its time zone")
    return moment
