"""Which unit takes a worker in, and why: told to the worker before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qiao.org.joining.choices import Why
from qiao.org.membership.choices import Employment
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above, root_unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.queries import unit_for

_WORKPLACE = (UnitKind.BASE, UnitKind.JOINT_BASE)
#: A list of places that a person can read through; beyond it only districts are offered, and these pass it on.
_READABLE = 200


@dataclass(frozen=True, slots=True)
class Route:
    """The unit that takes a worker in, and why."""

    unit: Unit
    why: Why

    @property
    def why_text(self) -> str:
        """Why, as the worker reads it."""
        return str(self.why.label)


def route(
    *, employment: str, employer: Employer | None, place: Unit | None, bypass: bool, on: date, at: Unit | None = None
) -> Route | None:
    """The unit proposed; ``at`` is the unit whose link or counter the worker came through. None: nobody anywhere."""
    workplace = unit_for(employer, on) if employer else None
    if workplace is None and at is not None and at.kind in _WORKPLACE and employment != Employment.FREELANCE:
        workplace = at
    if workplace is not None and not takes_in(workplace):
        workplace = None
    if workplace and not bypass:
        return Route(workplace, Why.WORKPLACE)
    start = workplace or place or (employer.place if employer else None) or at or root_unit()
    found = _hub_at(start, without=workplace) if start else None
    if found is None:
        return None
    if workplace:
        return Route(found, Why.BYPASS)
    if found.kind != UnitKind.HUB:
        return Route(found, Why.UPPER)
    if employment == Employment.FREELANCE:
        return Route(found, Why.DIRECT)
    return Route(found, Why.NO_UNION if employer else Why.UNKNOWN)


def places() -> list[tuple[str, list[Unit]]]:
    """Hubs and districts a worker may name as their place, grouped by the unit above, in tree order."""
    kinds = [UnitKind.DISTRICT, UnitKind.HUB]
    found = list(Unit.objects.filter(kind__in=kinds).exclude(state=UnitState.CLOSED).order_by("path")[: _READABLE + 1])
    if len(found) > _READABLE:
        found = list(Unit.objects.filter(kind=UnitKind.DISTRICT).exclude(state=UnitState.CLOSED).order_by("path"))
    groups: list[tuple[str, list[Unit]]] = []
    for unit in found:
        if unit.kind == UnitKind.DISTRICT or not groups:
            groups.append((str(unit), [unit]))
        else:
            groups[-1][1].append(unit)
    return groups


def place_by_key(key: int) -> Unit | None:
    """One of the places."""
    kinds = [UnitKind.DISTRICT, UnitKind.HUB]
    return Unit.objects.filter(pk=key, kind__in=kinds).exclude(state=UnitState.CLOSED).order_by("pk").first()


def _hub_at(start: Unit, *, without: Unit | None) -> Unit | None:
    """The nearest hub at or over a unit, else the nearest other unit over it that takes members in."""
    line = [
        one
        for one in [start, *reversed(line_above(start))]
        if takes_in(one) and (without is None or one.pk != without.pk)
    ]
    hub = next((one for one in line if one.kind == UnitKind.HUB), None)
    above = [one for one in line if one.kind not in _WORKPLACE]
    return hub or (above[0] if above else None)
