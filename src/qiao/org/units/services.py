"""Founding units and linking them."""

from __future__ import annotations

from datetime import date, datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.units.choices import Axis, Relation, UnitKind, UnitState
from qiao.org.units.models import Unit, UnitLink

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def found_unit(
    *,
    actor: Actor,
    now: datetime,
    kind: UnitKind,
    name: Localized,
    label: str,
    parent: Unit | None,
    founded: date,
) -> Unit:
    """Found a unit under ``parent`` (None: the root federation).

    Raises Refused without ``unit.found`` at the parent, Problem where the parent is younger or the label taken.
    """
    require(actor, "unit.found", parent.path if parent else "")
    if parent and parent.founded > founded:
        raise Problem("The unit above was founded later (%(above)s): check both dates.", above=str(parent.founded))
    if Unit.objects.filter(label=label).exists():
        raise Problem("The label %(label)s is taken: choose another.", label=label)
    with atomic():
        unit = Unit.objects.create(
            path=f"new-{label}",
            parent=parent,
            label=label,
            kind=kind,
            name=name,
            founded=founded,
            state=UnitState.ACTIVE,
        )
        unit.path = (parent.path if parent else "") + path_segment(unit.pk)
        unit.save(update_fields=["path"])
        if parent:
            UnitLink.objects.create(unit=unit, above=parent, axis=Axis.PLACE, relation=Relation.LEADS, since=founded)
        audit.record(actor=actor, now=now, action="unit.found", code=label, unit_path=unit.path)
    return unit


def path_segment(key: int) -> str:
    """A key as five base-36 signs; raises OverflowError beyond 60 million units."""
    if not 0 <= key < 36**5:
        raise OverflowError(key)
    signs = ""
    for _ in range(5):
        key, rest = divmod(key, 36)
        signs = _DIGITS[rest] + signs
    return signs
