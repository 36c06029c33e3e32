"""Moving a unit, with all below it, to another unit above."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import Axis, Relation, UnitKind
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.queries import deepest_below, stands_below_from
from qiao.org.units.rules import DEEPEST, may_stand_below, takes_in
from qiao.org.units.services.paths import lock_tree, path_segment


def move_unit(*, actor: Actor, now: datetime, unit: Unit, above: Unit, since: date) -> Unit:
    """Put ``unit`` and everything below it under ``above`` from a day on, today or earlier.

    The dated link to the former unit above ends on that day, so that the tree of any earlier day stays as it was; the
    paths of the whole subtree are rewritten in one UPDATE. A move of the same unit on the same day takes the other's
    place. Moving a unit where it stands already changes nothing.

    Raises Refused without ``unit.change`` above the unit and ``unit.found`` at the new place (the unit itself decides
    neither), Problem where a circle would come about on any day since, a unit did not exist yet or exists no more, the
    kinds do not fit, or the unit has moved after that day already.
    """
    with atomic():
        lock_tree()
        unit = Unit.objects.select_related("parent").get(pk=unit.pk)
        above = Unit.objects.get(pk=above.pk)
        former = unit.parent
        require(actor, "unit.change", former.path if former else "")
        require(actor, "unit.found", above.path)
        require_untied(actor, unit.path)
        if former is None:
            raise Problem("The federation at the top cannot be moved.")
        if former.pk == above.pk:
            return unit
        _check_place(unit, above, since, timezone.localdate(now))
        if stands_below_from(unit=above, above=unit, day=since):
            raise Problem(
                "%(above)s stands below %(unit)s, now or on a day since %(day)s: that would be a circle.",
                above=above.label,
                unit=unit.label,
                day=since.isoformat(),
            )
        _relink(unit, above, since)
        old, new = unit.path, above.path + path_segment(unit.pk)
        if (deepest_below(old) - len(old) + len(new)) // 5 > DEEPEST:
            raise Problem("The tree is %(most)d levels deep at most.", most=DEEPEST)
        Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
        Unit.objects.filter(pk=unit.pk).update(parent=above)
        audit.record(
            actor=actor,
            now=now,
            action="unit.move",
            code=unit.label,
            unit_path=new,
            detail={"from": former.label, "to": above.label, "since": since.isoformat(), "old_path": old},
        )
        return Unit.objects.get(pk=unit.pk)


def _check_place(unit: Unit, above: Unit, since: date, today: date) -> None:
    if since > today:
        raise Problem("A move is entered on its day or later, not before: %(day)s.", day=since.isoformat())
    if since < unit.founded or since < above.founded:
        raise Problem("One of the two units was not founded yet on %(day)s.", day=since.isoformat())
    for either in (unit, above):
        if not takes_in(either):
            raise Problem("%(unit)s is closed.", unit=either.label)
    if not may_stand_below(unit.kind, above.kind):
        raise Problem(
            "A unit of the kind “%(kind)s” cannot stand below one of the kind “%(above)s”.",
            kind=UnitKind(unit.kind).label,
            above=UnitKind(above.kind).label,
        )


def _relink(unit: Unit, above: Unit, since: date) -> None:
    """End the open leading link on the day and begin the new one; on the same day the new one takes its place."""
    link = UnitLink.objects.select_for_update().get(
        unit=unit, axis=Axis.PLACE, relation=Relation.LEADS, until__isnull=True
    )
    if link.since > since:
        raise Problem(
            "%(unit)s stands at its present place since %(day)s only: a move before that would overlap.",
            hint="Choose that day or a later one.",
            unit=unit.label,
            day=link.since.isoformat(),
        )
    if link.since == since:
        link.above = above
        link.save(update_fields=["above"])
        return
    link.until = since
    link.save(update_fields=["until"])
    UnitLink.objects.create(unit=unit, above=above, axis=Axis.PLACE, relation=Relation.LEADS, since=since)
