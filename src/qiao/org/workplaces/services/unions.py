"""Which union unit was formed at which employers, with dates."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import UnitEmployer
from qiao.org.workplaces.services.employers import locked_employer


def link_union(
    *, actor: Actor, now: datetime, code: str, unit: Unit, since: date, replaces: bool = False
) -> UnitEmployer:
    """Link an employer to the union unit formed at it. The same link twice is kept once.

    A joint base union has several employers. A base union of one employer that would get a second one is asked for:
    ``replaces`` ends the link to the other on that day; otherwise the unit must become a joint base union first.

    Raises Refused without ``employer.change`` at the employer's place, Problem where the unit is no base union, is
    closed or younger, the employer has a union already, or the question above stands open.
    """
    require_plausible(since)
    if since > timezone.localdate(now):
        raise Problem("This day has not come yet: %(day)s.", day=since.isoformat())
    with atomic():
        employer = locked_employer(actor, code)
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        open_link = UnitEmployer.objects.filter(employer=employer, until__isnull=True).order_by("pk").first()
        if open_link is not None:
            if open_link.unit_id == unit.pk:
                return open_link
            raise Problem(
                "This employer has a union already: %(unit)s.",
                hint="End that link first.",
                unit=open_link.unit.label,
            )
        if unit.kind not in (UnitKind.BASE, UnitKind.JOINT_BASE):
            raise Problem("%(unit)s is no base union: only these are formed at employers.", unit=unit.label)
        if not takes_in(unit):
            raise Problem("%(unit)s is closed.", unit=unit.label)
        if since < unit.founded:
            raise Problem("%(unit)s was founded on %(day)s only: check both dates.", unit=unit.label, day=unit.founded)
        overlapping = UnitEmployer.objects.filter(employer=employer).filter(Q(until__gt=since))
        if overlapping.exists():
            raise Problem("The employer had another union on that day: check the dates.")
        others = UnitEmployer.objects.filter(unit=unit, until__isnull=True).exclude(employer=employer)
        if unit.kind == UnitKind.BASE:
            other = others.select_related("employer").order_by("pk").first()
            if other is not None and not replaces:
                raise Problem(
                    "%(unit)s is the union of one employer and has one: %(employer)s.",
                    hint="Is it a joint base union? Then change its kind first. Or say that this employer takes the"
                    " other one's place.",
                    unit=unit.label,
                    employer=other.employer.name,
                )
            if other is not None and other.since >= since:
                raise Problem(
                    "The link to %(employer)s began on %(day)s: the new one must begin later.",
                    employer=other.employer.name,
                    day=other.since,
                )
            others.update(until=since)
        link = UnitEmployer.objects.create(
            unit=unit, employer=employer, since=since, by_id=actor.account_id, entered=now
        )
        audit.record(
            actor=actor, now=now, action="employer.link", code=code, unit_path=employer.place.path,
            detail={"unit": unit.label, "since": since.isoformat(), "replaces": replaces},
        )  # fmt: skip
    return link


def end_union_link(*, actor: Actor, now: datetime, code: str, day: date) -> UnitEmployer | None:
    """End an employer's link to its union from a day on; None where there is none. Twice changes nothing.

    Raises Refused without ``employer.change`` at its place, Problem where the day is not after the link's first.
    """
    require_plausible(day)
    if day > timezone.localdate(now):
        raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
    with atomic():
        employer = locked_employer(actor, code)
        link = UnitEmployer.objects.filter(employer=employer, until__isnull=True).order_by("pk").first()
        if link is None:
            return None
        if day <= link.since:
            raise Problem("The link began on %(day)s: it ends on a later day.", day=link.since)
        link.until = day
        link.save(update_fields=["until"])
        audit.record(
            actor=actor, now=now, action="employer.unlink", code=code, unit_path=employer.place.path,
            detail={"unit": link.unit.label, "until": day.isoformat()},
        )  # fmt: skip
    return link
