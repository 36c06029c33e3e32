"""The stretches of time digests are made for."""

from __future__ import annotations

from datetime import date, timedelta

from qiao.hear.needs.choices import Period

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}


def period_of(day: date, period: Period | str) -> tuple[date, date]:
    """First and last day of the period a day lies in."""
    length = _MONTHS[Period(period)]
    month = (day.month - 1) // length * length + 1
    first = date(day.year, month, 1)
    year, beyond = divmod(day.year * 12 + month - 1 + length, 12)
    return first, date(year, beyond + 1, 1) - timedelta(days=1)


def last_period(day: date, period: Period | str) -> tuple[date, date]:
    """First and last day of the last period that is over on a day."""
    first, _last = period_of(day, period)
    return period_of(first - timedelta(days=1), period)
