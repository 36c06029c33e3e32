"""Taking up members."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit, jobs
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.queries.register import namesakes
from qiao.org.membership.rules import clean_name
from qiao.org.people.models import Person
from qiao.org.people.services import open_member_account
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def admit_member(
    *,
    actor: Actor,
    now: datetime,
    person: Person,
    unit: Unit,
    employment: Employment,
    since: date,
    employer_id: int | None = None,
) -> Membership:
    """Give a person standing in a unit. To be called for whoever has asked to join, and for nobody else.

    Raises Refused without ``member.admit`` at the unit, Problem where the person has standing elsewhere.
    """
    require(actor, "member.admit", unit.path)
    require_untied(actor, unit.path, employer_id)
    if Membership.objects.filter(person=person, until__isnull=True).exists():
        raise Problem("This person has standing in a unit already: transfer it instead of adding a second.")
    with atomic():
        membership = Membership.objects.create(
            person=person, unit=unit, employment=employment, since=since, state=Standing.ACTIVE,
            employer_id=employer_id,
        )  # fmt: skip
        audit.record(
            actor=actor,
            now=now,
            action="member.admit",
            code=unit.label,
            unit_path=unit.path,
            detail={"membership": membership.pk},
        )
    return membership


def admit_worker(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    name: str,
    employment: Employment,
    since: date,
    email: str = "",
    other_person: bool = False,
) -> Membership:
    """Enter a worker into the register of a unit and give standing; with an address an account is opened, and told.

    A member of the same name in the same unit stops it unless ``other_person`` says that they are two. That makes
    a form sent twice harmless.

    Raises Refused without ``member.admit`` at the unit, Problem for a bad name, date or address, a closed unit, or
    a namesake.
    """
    require(actor, "member.admit", unit.path)
    name = clean_name(name)
    if since > timezone.localdate(now):
        raise Problem("This day has not come yet: %(day)s.", day=since.isoformat())
    with atomic():
        # Two officers who enter the same person at once wait for each other here.
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if not takes_in(unit):
            raise Problem("%(unit)s is closed.", unit=unit.label)
        if not other_person and namesakes(unit, name):
            raise Problem("This unit has a member of this name: look below whether it is the same person.")
        person = Person.objects.create(name=name)
        membership = admit_member(actor=actor, now=now, person=person, unit=unit, employment=employment, since=since)
        if email:
            open_member_account(actor=actor, now=now, email=email, person=person, unit_path=unit.path)
            jobs.defer("membership.tell_standing", membership_id=membership.pk)
    return membership
