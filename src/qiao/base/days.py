"""Days people plan with: which of them can be meant."""

from __future__ import annotations

from datetime import date

from qiao.base.problems import Problem


def require_plausible(*days: date) -> None:
    """Raise Problem for a day (or moment) no plan can mean, such as 0206-05-01.

    The database would keep it, and the first years could not even be read again: every page that lists them would fail.
    """
    for day in days:
        if not 2000 <= day.year < 2200:
            raise Problem("The year %(year)s cannot be meant: check the date.", year=f"{day.year:04d}")
