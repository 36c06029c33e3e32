"""Founding units."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.units.choices import Axis, Relation, UnitKind, UnitState
from qiao.org.units.models import Unit, UnitLink, UnitName
from qiao.org.units.rules import DEEPEST, may_stand_below, takes_in
from qiao.org.units.services.paths import lock_label, lock_tree, path_segment

#: A label is part of addresses and of the audit log's codes.
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z")
#: Words that are addresses of the directory itself.
_PAGES = frozenset({"find", "imports"})


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

    Raises Refused without ``unit.found`` at the parent, Problem where the parent is closed, younger or of a kind that
    has no such unit below it, or the label is taken or no label.
    """
    require(actor, "unit.found", parent.path if parent else "")
    check_label(label, known=False)
    if founded > timezone.localdate(now):
        raise Problem("This day has not come yet: %(day)s.", day=founded.isoformat())
    with atomic():
        lock_tree(shared=True)
        if parent:
            parent = Unit.objects.get(pk=parent.pk)
            require(actor, "unit.found", parent.path)
            check_parent(kind, parent, founded)
        check_label(label)
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
        UnitName.objects.create(unit=unit, name=name, label=label, kind=kind, since=founded)
        audit.record(actor=actor, now=now, action="unit.found", code=label, unit_path=unit.path)
    return unit


def is_label(text: str) -> bool:
    """Whether a text can be a unit's label."""
    return bool(_LABEL.match(text)) and text.lower() not in _PAGES


def check_label(label: str, *, known: bool = True, but: Unit | None = None) -> None:
    """Raise Problem for what is no label and, with ``known``, for one that any (other) unit bears or once bore.

    Whoever takes the same label at the same moment waits until this transaction ends.
    """
    if not is_label(label):
        raise Problem(
            "“%(label)s” is no label.",
            hint="Use at most 32 letters A–Z, digits and hyphens, such as EBF-D03-H14.",
            label=label,
        )
    if not known:
        return
    lock_label(label)
    own = but.pk if but else 0
    taken = Unit.objects.filter(label__iexact=label).exclude(pk=own).exists()
    if taken or UnitName.objects.filter(label__iexact=label).exclude(unit_id=own).exists():
        raise Problem("The label %(label)s is taken: choose another.", label=label)


def check_parent(kind: UnitKind, parent: Unit, founded: date) -> None:
    """Raise Problem where nothing of this kind can be founded below ``parent`` on the day."""
    if not takes_in(parent):
        raise Problem("%(unit)s takes nothing in: it is closed, closing, or not approved yet.", unit=parent.label)
    if parent.founded > founded:
        raise Problem("The unit above was founded later (%(above)s): check both dates.", above=str(parent.founded))
    if not may_stand_below(kind, parent.kind):
        raise Problem(
            "A unit of the kind “%(kind)s” cannot stand below one of the kind “%(above)s”.",
            kind=UnitKind(kind).label,
            above=UnitKind(parent.kind).label,
        )
    if parent.depth + 2 > DEEPEST:
        raise Problem("The tree is %(most)d levels deep at most.", most=DEEPEST)
