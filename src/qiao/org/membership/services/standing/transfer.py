"""Going over to another unit. Standing is never lost on the way."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qiao.base import deadlines, jobs
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import Confirmation, Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.rules import may_start_transfer
from qiao.org.membership.rules.settings import TRANSIT_LIMIT
from qiao.org.membership.services.standing.stretch import (
    ON_THE_WAY,
    expect_word,
    is_own,
    locked,
    next_stretch,
    stay_here,
    written,
)
from qiao.org.settings.queries import calendar_of, span_of
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import Employer


def start_transfer(
    *,
    actor: Actor,
    now: datetime,
    membership_id: int,
    to: Unit,
    employer: Employer | None = None,
    how: Confirmation = Confirmation.OWN,
) -> Membership:
    """Ask to go over to another unit: every right stays here until that unit has accepted; the releasing unit is told.

    The member starts it; an officer enters it only with their word, and ``how`` says how it was given. The clock
    (``mem.transit_limit``) keeps the limit it starts under.

    Raises Refused without ``member.admit`` at the member's unit for anybody but the member, Problem where the unit is
    the same or closed or a transfer to another one is under way.
    """
    with atomic():
        member = locked(membership_id)
        if not is_own(actor, member):
            require(actor, "member.admit", member.unit.path)
            expect_word(actor, member, how)
        if member.bound_for_id == to.pk:
            return member
        if member.until is not None or member.bound_for_id is not None or not may_start_transfer(member.state):
            raise Problem("A transfer is under way already, or the standing has ended.")
        if to.pk == member.unit_id:
            raise Problem("The member stands in this unit already.")
        if not takes_in(to):
            raise Problem("%(unit)s is closed.", unit=to.label)
        day = timezone.localdate(now)
        limit = span_of(TRANSIT_LIMIT, path=to.path, on=day)
        if member.state == Standing.ACTIVE:
            member.state = Standing.TRANSFERRING
        member.bound_for, member.in_transfer_since, member.bound_employer = to, day, employer
        member.transfer_due = timezone.localdate(deadlines.due(now, limit, calendar_of(to.path, day)))
        member.transfer_confirmed = how
        member.save(update_fields=["state", *ON_THE_WAY])
        written(actor, now, "member.transfer", member, to=to.label, how=how.value)
    return member


def withdraw_transfer(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """Take the wish back; without one nothing changes.

    Raises Refused without ``member.admit`` at either unit, for anybody but the member.
    """
    with atomic():
        member = locked(membership_id)
        if member.bound_for is None:
            if not is_own(actor, member):
                require(actor, "member.admit", member.unit.path)
            return member
        if not is_own(actor, member) and not actor.may("member.admit", member.bound_for.path):
            require(actor, "member.admit", member.unit.path)
        stay_here(member)
        written(actor, now, "member.transfer_withdrawn", member)
    return member


def accept_transfer(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """Receive a member: the standing there ends today, the one here begins; accepting twice changes nothing.

    Returns the standing in force. Raises Refused without ``member.admit`` at the receiving unit.
    """
    with atomic():
        member = locked(membership_id)
        if member.until is not None:
            # Received before: what holds now, for those who may see it.
            here = (
                Membership.objects.select_related("unit").filter(person_id=member.person_id, until__isnull=True).get()
            )
            require(actor, "member.admit", here.unit.path)
            return here
        if member.bound_for is None:
            require(actor, "member.admit", member.unit.path)
            return member
        require(actor, "member.admit", member.bound_for.path)
        require_untied(actor, member.bound_for.path, member.bound_employer_id)
        if not takes_in(member.bound_for):
            raise Problem("%(unit)s is closed.", unit=member.bound_for.label)
        return _go_over(actor, now, member, member.bound_for)


def fall_back_due(*, actor: Actor, now: datetime) -> int:
    """Put every transfer that nobody accepted in time into the hub over the unit it was bound for; how many.

    Raises Refused for everybody but the system.
    """
    if not actor.system:
        require(actor, "member.admit", "")
    late = Membership.objects.filter(
        bound_for__isnull=False, until__isnull=True, transfer_due__lt=timezone.localdate(now)
    ).order_by("pk")
    done = 0
    for key in late.values_list("pk", flat=True):
        with atomic():
            member = locked(key)
            if member.bound_for is None:
                continue
            _go_over(actor, now, member, _hub_over(member.bound_for))
            done += 1
    return done


def _go_over(actor: Actor, now: datetime, member: Membership, to: Unit) -> Membership:
    if to.pk == member.unit_id and member.state != Standing.RETAINED:
        stay_here(member)
        written(actor, now, "member.received", member)
        return member
    former, employer = member.unit.label, member.bound_employer
    here = next_stretch(member, timezone.localdate(now), unit=to, state=Standing.ACTIVE, employer=employer)
    written(actor, now, "member.received", here, former=former)
    jobs.defer("membership.tell_standing", membership_id=here.pk)
    return here


def _hub_over(unit: Unit) -> Unit:
    """The nearest open hub at or over a unit, else the nearest open unit over it."""
    line = [one for one in [unit, *reversed(line_above(unit))] if one.state != UnitState.CLOSED]
    above = [one for one in line if one.pk != unit.pk]
    return next((one for one in line if one.kind == UnitKind.HUB), above[0] if above else unit)
