"""Taking up members."""

from __future__ import annotations

from datetime import date, datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


def admit_member(
    *, actor: Actor, now: datetime, person: Person, unit: Unit, employment: Employment, since: date
) -> Membership:
    """Give a person standing in a unit.

    Raises Refused without ``member.admit`` at the unit, Problem where the person has standing elsewhere.
    """
    require(actor, "member.admit", unit.path)
    if Membership.objects.filter(person=person, until__isnull=True).exists():
        raise Problem("This person has standing in a unit already: transfer it instead of adding a second.")
    with atomic():
        membership = Membership.objects.create(
            person=person, unit=unit, employment=employment, since=since, state=Standing.ACTIVE
        )
        audit.record(
            actor=actor,
            now=now,
            action="member.admit",
            code=unit.label,
            unit_path=unit.path,
            detail={"membership": membership.pk},
        )
    return membership
