"""Links of the sector axis: a unit may be led or guided by any number of sector and industry unions, with dates."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import Axis, Relation
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.queries import stands_below_from
from qiao.org.units.rules import guides, takes_in
from qiao.org.units.services.change import require_above
from qiao.org.units.services.paths import lock_tree


def link_sector(
    *, actor: Actor, now: datetime, unit: Unit, above: Unit, relation: Relation, since: date, until: date | None = None
) -> UnitLink:
    """Link a unit to a sector or industry union from a day on; the same link once more changes nothing.

    It gives no rights: those follow the place axis. Raises Refused without ``unit.change`` at the unit above it on the
    place axis, Problem where ``above`` is no sector union, one of the two did not exist on the day, a link between
    them overlaps, or a circle would come about on any day.
    """
    relation = Relation(relation)
    with atomic():
        lock_tree()
        unit = Unit.objects.select_related("parent").get(pk=unit.pk)
        above = Unit.objects.get(pk=above.pk)
        require_above(actor, unit)
        _check(unit, above, since, until, timezone.localdate(now))
        between = UnitLink.objects.filter(unit=unit, above=above, axis=Axis.SECTOR).order_by("since")
        for link in between:
            if (link.relation, link.since, link.until) == (relation, since, until):
                return link
            if link.since < (until or date.max) and since < (link.until or date.max):
                raise Problem(
                    "%(unit)s has a link to %(above)s since %(day)s already.",
                    hint="End that one first.",
                    unit=unit.label,
                    above=above.label,
                    day=link.since,
                )
        if stands_below_from(unit=above, above=unit, day=since, until=until, axis=Axis.SECTOR):
            raise Problem(
                "%(above)s stands below %(unit)s, now or on a day since %(day)s: that would be a circle.",
                above=above.label,
                unit=unit.label,
                day=since.isoformat(),
            )
        link = UnitLink.objects.create(
            unit=unit, above=above, axis=Axis.SECTOR, relation=relation, since=since, until=until
        )
        audit.record(actor=actor, now=now, action="unit.link_sector", code=unit.label, unit_path=unit.path,
                     detail={"above": above.label, "relation": relation.value, "since": since.isoformat()})  # fmt: skip
    return link


def unlink_sector(*, actor: Actor, now: datetime, link: UnitLink, until: date) -> UnitLink:
    """End a sector link; ``until`` is the first day it no longer holds. Ending it twice changes nothing.

    Raises Refused as `link_sector`, Problem for a day to come or one before the link began.
    """
    with atomic():
        lock_tree()
        link = UnitLink.objects.select_related("unit__parent").get(pk=link.pk, axis=Axis.SECTOR)
        require_above(actor, link.unit)
        if link.until is not None and link.until <= until:
            return link
        if until > timezone.localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=until.isoformat())
        if until <= link.since:
            raise Problem("The link began on %(day)s: choose a later day.", day=link.since)
        link.until = until
        link.save(update_fields=["until"])
        audit.record(actor=actor, now=now, action="unit.unlink_sector", code=link.unit.label,
                     unit_path=link.unit.path, detail={"link": link.pk, "until": until.isoformat()})  # fmt: skip
    return link


def _check(unit: Unit, above: Unit, since: date, until: date | None, today: date) -> None:
    if not guides(above.kind):
        raise Problem("%(above)s is no sector or industry union.", above=above.label)
    if unit.pk == above.pk:
        raise Problem("A unit is not linked to itself.")
    if since > today or (until is not None and until > today):
        raise Problem("This day has not come yet: %(day)s.", day=max(since, until or since).isoformat())
    if until is not None and until <= since:
        raise Problem("The link must end after it begins.")
    for either in (unit, above):
        if not takes_in(either):
            raise Problem("%(unit)s takes nothing in: it is closed, closing, or not approved yet.", unit=either.label)
        if since < either.founded:
            raise Problem("One of the two units was not founded yet on %(day)s.", day=since.isoformat())
