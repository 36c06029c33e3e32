"""Reads of the register of what is asked of the base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qiao.base.access import Actor
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit
from qiao.org.upward.models import ReportDemand


@dataclass(frozen=True, slots=True)
class Burden:
    """What filling in costs one unit: forms and reports in force, hours a year, and fillings a month."""

    demands: int
    hours: float
    per_month: float


def demands(*, on: date, ended: bool = False) -> QuerySet[ReportDemand]:
    """Demands announced or in force on a day (``ended``: those over), the unit highest in the tree first."""
    found = ReportDemand.objects.select_related("unit", "owner", "replaces")
    found = found.filter(ends__lte=on) if ended else found.filter(ends__gt=on)
    return found.order_by("unit__path", "begins", "pk")


def asked_of_unit(unit: Unit, *, on: date) -> QuerySet[ReportDemand]:
    """What is asked of one unit on a day, by the units above it."""
    above = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)]
    return demands(on=on).filter(unit__path__in=above, asked_of=unit.kind, begins__lte=on)


def burden_of(unit: Unit, *, on: date) -> Burden:
    """Hours a year one unit spends on what is asked of it on this day."""
    rows = list(asked_of_unit(unit, on=on))
    fillings = sum(row.times for row in rows)
    return Burden(demands=len(rows), hours=sum(row.minutes * row.times for row in rows) / 60, per_month=fillings / 12)


def units_to_demand_for(actor: Actor) -> QuerySet[Unit]:
    """The units for which this officer may register what is asked of those below."""
    own = {grant.unit_id for grant in actor.grants if "report.demand" in grant.actions}
    return Unit.objects.filter(pk__in=own).exclude(state=UnitState.CLOSED).order_by("path")
