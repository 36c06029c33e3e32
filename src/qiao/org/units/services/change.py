"""Renaming and closing units."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.units.choices import UNBORN, UnitKind, UnitState
from qiao.org.units.models import Unit, UnitLink, UnitName
from qiao.org.units.rules import follow_up, may_stand_below, require_state
from qiao.org.units.services.found import check_label
from qiao.org.units.services.paths import lock_tree
from qiao.org.units.services.steps import write_step


def require_above(actor: Actor, unit: Unit) -> None:
    """Raise Refused without ``unit.change`` at the unit above: a unit does not change itself; only the root does.

    Raise Problem for whoever declared a tie to the unit's employer.
    """
    require(actor, "unit.change", unit.parent.path if unit.parent else unit.path)
    require_untied(actor, unit.path)


def rename_unit(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    name: Localized,
    kind: UnitKind | None = None,
    label: str | None = None,
    since: date | None = None,
) -> Unit:
    """Give a unit another name, kind or label from a day on (default: today); the tree of earlier days keeps the old.

    Its place and everything that cites it stay; its former labels still lead to it. Raises Refused without
    ``unit.change`` at the unit above, Problem for a day to come or before its present name, a kind that does not fit
    above or below it, or a label that is taken.
    """
    require_above(actor, unit)
    today = timezone.localdate(now)
    since = since or today
    if since > today:
        raise Problem("This day has not come yet: %(day)s.", day=since)
    with atomic():
        if kind is not None and kind != unit.kind:
            lock_tree()
        unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
        require_above(actor, unit)
        kind, label = UnitKind(kind or unit.kind), label or unit.label
        if (unit.name, unit.kind, unit.label) == (name, kind, label):
            return unit
        if unit.state in (*UNBORN, UnitState.CLOSED):
            require_state(unit, UnitState.ACTIVE)
        if label != unit.label:
            check_label(label, but=unit)
        if kind != unit.kind:
            _check_kind(unit, kind)
        _name_from(unit, name, kind, label, since)
        former, former_label = unit.name, unit.label
        unit.name, unit.kind, unit.label = name, kind, label
        unit.save(update_fields=["name", "kind", "label"])
        audit.record(
            actor=actor,
            now=now,
            action="unit.rename",
            code=former_label,
            unit_path=unit.path,
            detail={"from": former, "to": name, "kind": kind.value, "label": label, "since": since.isoformat()},
        )
    return unit


def _name_from(unit: Unit, name: Localized, kind: UnitKind, label: str, since: date) -> None:
    """End the present name on the day and begin the new one; on the same day the new one takes its place."""
    present = UnitName.objects.select_for_update().filter(unit=unit, until__isnull=True).first()
    if present is None:
        # A unit that was copied in without its first name has borne it since its founding.
        present = UnitName.objects.create(
            unit=unit, name=unit.name, label=unit.label, kind=unit.kind, since=unit.founded
        )
    if since < present.since:
        raise Problem("%(unit)s has its present name since %(day)s: choose that day or a later one.",
                      unit=unit.label, day=present.since)  # fmt: skip
    if since > present.since:
        present.until = since
        present.save(update_fields=["until"])
        present = UnitName(unit=unit, since=since)
    present.name, present.kind, present.label = name, kind, label
    present.save()


def _check_kind(unit: Unit, kind: UnitKind) -> None:
    beside = [(kind, unit.parent.kind)] if unit.parent else []
    below = unit.children.exclude(state__in=[UnitState.CLOSED, UnitState.REFUSED, UnitState.WITHDRAWN])
    beside += [(UnitKind(child), kind) for child in below.order_by().values_list("kind", flat=True).distinct()]
    for lower, upper in beside:
        if not may_stand_below(lower, upper):
            raise Problem(
                "A unit of the kind “%(kind)s” cannot stand below one of the kind “%(above)s”.",
                kind=UnitKind(lower).label,
                above=UnitKind(upper).label,
            )


def close_unit(*, actor: Actor, now: datetime, unit: Unit, day: date, receiver: Unit | None = None) -> Unit:
    """Close a unit from a day on, with all that follows; closing it twice changes nothing.

    Its members go to ``receiver`` (a merger) or, retained, to the unit above; roles held in it end; so do its links of
    both axes. Pages go through `ask_closing`; this is the last step of it, and the way of imports and installations.
    Raises Refused without ``unit.change`` at the unit above, Problem for the root, a future day, a day before a
    move or the founding, or while open units or proposals stand below it.
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
        if unit.state in UNBORN:
            require_state(unit, UnitState.ACTIVE)
        ended = [UnitState.CLOSED, UnitState.REFUSED, UnitState.WITHDRAWN]
        if unit.children.exclude(state__in=ended).exists():
            raise Problem("Open units stand below %(unit)s: move or close them first.", unit=unit.label)
        links = UnitLink.objects.filter(unit=unit, until__isnull=True)
        names = UnitName.objects.filter(unit=unit, until__isnull=True)
        if day <= unit.founded or links.filter(since__gte=day).exists() or names.filter(since__gte=day).exists():
            raise Problem("Choose a day after the founding and after the last move of %(unit)s.", unit=unit.label)
        if UnitLink.objects.filter(above=unit, until__isnull=True, since__gte=day).exists():
            raise Problem("Units were linked to %(unit)s on that day or later: choose a later day.", unit=unit.label)
        before, unit.state, unit.closed = unit.state, UnitState.CLOSED, day
        unit.save(update_fields=["state", "closed"])
        links.update(until=day)
        names.update(until=day)
        # What it led or guided on the sector axis is led by it no longer.
        UnitLink.objects.filter(above=unit, until__isnull=True).update(until=day)
        write_step(actor=actor, now=now, unit=unit, before=before)
        audit.record(actor=actor, now=now, action="unit.close", code=unit.label, unit_path=unit.path,
                     detail={"receiver": receiver.label if receiver else ""})  # fmt: skip
        follow_up(actor, now, unit, receiver or unit.parent, day, merged=receiver is not None)
    return unit
