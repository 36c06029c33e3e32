"""Renaming and closing units."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.services.paths import lock_tree


def require_above(actor: Actor, unit: Unit) -> None:
    """Raise Refused without ``unit.change`` at the unit above: a unit does not change itself; only the root does."""
    require(actor, "unit.change", unit.parent.path if unit.parent else unit.path)


def rename_unit(*, actor: Actor, now: datetime, unit: Unit, name: Localized) -> Unit:
    """Give a unit another name; its label, its place and everything that cites it stay.

    Raises Refused without ``unit.change`` at the unit above.
    """
    require_above(actor, unit)
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        require_above(actor, unit)
        if unit.name == name:
            return unit
        former, unit.name = unit.name, name
        unit.save(update_fields=["name"])
        audit.record(
            actor=actor,
            now=now,
            action="unit.rename",
            code=unit.label,
            unit_path=unit.path,
            detail={"from": former, "to": name},
        )
    return unit


def close_unit(*, actor: Actor, now: datetime, unit: Unit, day: date) -> Unit:
    """Close a unit from a day on; closing it twice changes nothing.

    Its members must have been moved before: ``qiao.org.access.services.dissolve_unit`` does all of it.
    Raises Refused without ``unit.change`` at the unit above, Problem for the root, a future day, a day before a
    move or the founding, or while open units stand below it.
    """
    require_above(actor, unit)
    if day > timezone.localdate(now):
        raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
    with atomic():
        lock_tree()
        unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
        require_above(actor, unit)
        if unit.state == UnitState.CLOSED:
            return unit
        if unit.parent is None:
            raise Problem("The federation at the top cannot be closed.")
        if unit.children.exclude(state=UnitState.CLOSED).exists():
            raise Problem("Open units stand below %(unit)s: move or close them first.", unit=unit.label)
        if day <= unit.founded or unit.links.filter(until__isnull=True, since__gte=day).exists():
            raise Problem("Choose a day after the founding and after the last move of %(unit)s.", unit=unit.label)
        unit.state, unit.closed = UnitState.CLOSED, day
        unit.save(update_fields=["state", "closed"])
        UnitLink.objects.filter(unit=unit, until__isnull=True).update(until=day)
        audit.record(actor=actor, now=now, action="unit.close", code=unit.label, unit_path=unit.path)
    return unit
