"""The four indicators of the tendencies (handbook C26): this year beside the one before; no line is drawn for alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate

from qiao.deliver.contacts.queries.figures import WORKING_DAYS, unit_days
from qiao.judge.problems.choices import Tendency
from qiao.org.mandates.choices import EmployerPost
from qiao.org.mandates.models import Mandate
from qiao.org.settings.queries import federation_path
from qiao.org.units.choices import UnitKind
from qiao.org.upward.models import ReportDemand
from qiao.org.yearbook.queries import show_spending


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator now and a year ago; None where nothing can be counted. ``n`` is what the figure now rests on.

    ``share``: whether the figures are told in percent, or plain numbers. ``year``: of the accounts they come from.
    """

    tendency: Tendency
    now: float | None
    before: float | None
    n: int
    share: bool = True
    year: int | None = None


def indicators(*, now: datetime) -> list[Indicator]:
    """The four indicators of the federation."""
    today = localdate(now)
    return [
        _office_bound(today, now),
        _command(today),
        _elite(today),
        _show(today),
    ]


def _office_bound(today: date, now: datetime) -> Indicator:
    """Staff-days off base ÷ staff-days, of officers with a duty of contact who logged any day."""
    shares = []
    staff = 0
    for year in (today.year, today.year - 1):
        rows = unit_days(year=year, now=now)
        days, officers = sum(row.days for row in rows), sum(row.officers for row in rows)
        passed = 1.0 if year < today.year else today.timetuple().tm_yday / 365
        whole = officers * passed * WORKING_DAYS
        shares.append(max(0.0, 1 - days / whole) if whole else None)
        staff = officers if year == today.year else staff
    return Indicator(Tendency.OFFICE_BOUND, shares[0], shares[1], staff)


def _command(today: date) -> Indicator:
    """Forms and reports asked of a base union in a month, by the register of reports."""
    found = []
    for day in (today, _year_before(today)):
        rows = ReportDemand.objects.filter(asked_of=UnitKind.BASE, begins__lte=day, ends__gt=day)
        found.append(rows.aggregate(all=Count("pk"), times=Sum("times")))
    return Indicator(
        Tendency.COMMAND, (found[0]["times"] or 0) / 12, (found[1]["times"] or 0) / 12, found[0]["all"], share=False
    )


def _elite(today: date) -> Indicator:
    """Seats of union committees held by the employer's management ÷ seats."""
    shares, seats = [], 0
    for day in (today, _year_before(today)):
        rows = Mandate.objects.filter(
            Q(until__isnull=True) | Q(until__gt=day), since__lte=day, unit__path__startswith=federation_path()
        )
        found = rows.aggregate(all=Count("pk"), managers=Count("pk", filter=~Q(employer_post=EmployerPost.NONE)))
        shares.append(found["managers"] / found["all"] if found["all"] else None)
        seats = found["all"] if day == today else seats
    return Indicator(Tendency.ELITE, shares[0], shares[1], seats)


def _show(today: date) -> Indicator:
    """Spending on shows ÷ spending on rights and aid, by the latest accounts entered, beside the year before them."""
    found = show_spending(federation_path())
    years = [year for year in found if year <= today.year]
    if not years:
        return Indicator(Tendency.SHOW, None, None, 0)
    latest = found[max(years)]
    before = found.get(latest.year - 1)
    return Indicator(
        Tendency.SHOW, latest.ratio, before.ratio if before else None, latest.units, year=latest.year
    )  # fmt: skip


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))
