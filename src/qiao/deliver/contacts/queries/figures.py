"""Days at the base: by unit for everybody, by officer for those who answer for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from qiao.base.access import Actor
from qiao.deliver.contacts.choices import DutyState, IssueOutcome
from qiao.deliver.contacts.models import Duty, Issue
from qiao.deliver.contacts.rules import counted_days
from qiao.deliver.contacts.rules.settings import DAYS_PER_YEAR
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit

#: Working days of a year, for the share of staff-days spent at the base.
WORKING_DAYS = 250


@dataclass(frozen=True, slots=True)
class OfficerDays:
    """One officer's year: days that count, visits not logged in time, what is asked of them by now."""

    officer: Account
    unit: Unit
    days: int
    asked: float
    overdue: int

    @property
    def behind(self) -> bool:
        """Whether fewer days count than the year so far asks for, by more than one."""
        return self.days + 1 < self.asked


@dataclass(frozen=True, slots=True)
class UnitDays:
    """One unit's year: officers with visits, their days that count, the issues raised and what askers say of them.

    ``share``: counted days of all officers who visited ÷ their working days so far; None before the first.
    """

    unit: Unit
    officers: int
    days: int
    share: float | None
    issues: int
    outcomes: Counter[str]
    overdue: int

    @property
    def solved(self) -> float | None:
        """Share solved as askers say, of those reached; None where nobody was reached."""
        reached = sum(self.outcomes.values()) - self.outcomes[IssueOutcome.NOT_REACHED]
        return self.outcomes[IssueOutcome.SOLVED] / reached if reached else None


def _year(year: int, duties: Q) -> list[tuple[Duty, int]]:
    zone = timezone.get_current_timezone()
    first, last = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    rows = Duty.objects.filter(duties, starts__lt=last, ends__gte=first).exclude(state=DutyState.CANCELLED)
    rows = rows.select_related("officer", "unit").annotate(raised=Count("issues")).order_by("officer", "starts", "pk")
    return [(duty, duty.raised) for duty in rows]


def _days(rows: Iterable[tuple[Duty, int]], year: int) -> set[date]:
    return {day for duty, raised in rows for day in counted_days(duty, issues=raised) if day.year == year}


def officer_days(*, actor: Actor, year: int, now: datetime) -> list[OfficerDays]:
    """Officers of the actor's subtrees in a year, who is furthest behind first."""
    condition = Q(pk__in=[])
    for path in actor.paths("contact.read"):
        condition |= Q(unit__path__startswith=path)
    by_officer: dict[int, list[tuple[Duty, int]]] = defaultdict(list)
    for duty, raised in _year(year, condition):
        by_officer[duty.officer_id].append((duty, raised))
    found = []
    today = timezone.localdate(now)
    for rows in by_officer.values():
        unit = rows[-1][0].unit
        goal = value_of(DAYS_PER_YEAR, path=unit.path, on=min(today, date(year, 12, 31)))
        found.append(
            OfficerDays(
                officer=rows[-1][0].officer,
                unit=unit,
                days=len(_days(rows, year)),
                asked=goal * _passed(year, today),
                overdue=sum(1 for duty, _raised in rows if duty.state == DutyState.OVERDUE),
            )
        )
    return sorted(found, key=lambda row: (row.days - row.asked, row.officer.pk))


def unit_days(*, year: int, now: datetime) -> list[UnitDays]:
    """Each unit whose officers visited in a year, most days first: no officer by name."""
    by_unit: dict[int, list[tuple[Duty, int]]] = defaultdict(list)
    for duty, raised in _year(year, Q()):
        by_unit[duty.unit_id].append((duty, raised))
    outcomes: dict[int, Counter[str]] = defaultdict(Counter)
    keys = [duty.pk for rows in by_unit.values() for duty, _raised in rows]
    for unit_id, outcome in (
        Issue.objects.filter(duty__in=keys).exclude(outcome="").values_list("duty__unit", "outcome").order_by("pk")
    ):
        outcomes[unit_id][outcome] += 1
    passed = _passed(year, timezone.localdate(now)) * WORKING_DAYS
    found = []
    for unit_id, rows in by_unit.items():
        officers = {duty.officer_id for duty, _raised in rows}
        days = sum(len(_days([row for row in rows if row[0].officer_id == key], year)) for key in officers)
        found.append(
            UnitDays(
                unit=rows[0][0].unit,
                officers=len(officers),
                days=days,
                share=days / (len(officers) * passed) if passed else None,
                issues=sum(raised for _duty, raised in rows),
                outcomes=outcomes[unit_id],
                overdue=sum(1 for duty, _raised in rows if duty.state == DutyState.OVERDUE),
            )
        )
    return sorted(found, key=lambda row: (-row.days, row.unit.path))


def _passed(year: int, today: date) -> float:
    """The part of a year that is over, from 0 to 1."""
    if today.year != year:
        return 1.0 if today.year > year else 0.0
    return today.timetuple().tm_yday / 365
