"""Leaving and changing over to another unit. Standing is never lost on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.rules import TRANSIT_LIMIT, may_start_transfer
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above
from qiao.org.units.rules import takes_in

_DAY = timedelta(days=1)


def end_membership(*, actor: Actor, now: datetime, membership_id: int, day: date) -> Membership:
    """Enter that a member has left, from a day on; entering it twice changes nothing.

    Raises Refused without ``member.admit`` at the member's unit, Problem for a day to come or before the standing.
    """
    with atomic():
        member = _locked(membership_id)
        require(actor, "member.admit", member.unit.path)
        if member.until is not None:
            return member
        if day > timezone.localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
        if day < member.since:
            raise Problem("The member joined later, on %(day)s.", day=member.since.isoformat())
        member.state, member.until = Standing.LEFT, max(day, member.since + _DAY)
        member.bound_for, member.in_transfer_since = None, None
        member.save(update_fields=["state", "until", "bound_for", "in_transfer_since"])
        _record(actor, now, "member.left", member)
    return member


def start_transfer(*, actor: Actor, now: datetime, membership_id: int, to: Unit) -> Membership:
    """Enter the worker's wish to go over to another unit: every right stays here until that unit has accepted.

    Raises Refused without ``member.admit`` at the member's unit, Problem where the unit is the same or closed or a
    transfer to another one is under way.
    """
    with atomic():
        member = _locked(membership_id)
        require(actor, "member.admit", member.unit.path)
        if member.state == Standing.TRANSFERRING and member.bound_for_id == to.pk:
            return member
        if member.until is not None or not may_start_transfer(member.state):
            raise Problem("A transfer is under way already, or the standing has ended.")
        if to.pk == member.unit_id:
            raise Problem("The member stands in this unit already.")
        if not takes_in(to):
            raise Problem("%(unit)s is closed.", unit=to.label)
        member.state, member.bound_for, member.in_transfer_since = Standing.TRANSFERRING, to, timezone.localdate(now)
        member.save(update_fields=["state", "bound_for", "in_transfer_since"])
        _record(actor, now, "member.transfer", member, to=to.label)
    return member


def withdraw_transfer(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """Take the wish back; without one nothing changes. Raises Refused without ``member.admit`` at either unit."""
    with atomic():
        member = _locked(membership_id)
        if member.state != Standing.TRANSFERRING or member.bound_for is None:
            require(actor, "member.admit", member.unit.path)
            return member
        if not actor.may("member.admit", member.bound_for.path):
            require(actor, "member.admit", member.unit.path)
        member.state, member.bound_for, member.in_transfer_since = Standing.ACTIVE, None, None
        member.save(update_fields=["state", "bound_for", "in_transfer_since"])
        _record(actor, now, "member.transfer_withdrawn", member)
    return member


def accept_transfer(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """Receive a member: the standing there ends today, the one here begins; accepting twice changes nothing.

    Returns the standing in force. Raises Refused without ``member.admit`` at the receiving unit.
    """
    with atomic():
        member = _locked(membership_id)
        if member.state != Standing.TRANSFERRING or member.bound_for is None:
            require(actor, "member.admit", member.unit.path)
            return member
        require(actor, "member.admit", member.bound_for.path)
        if not takes_in(member.bound_for):
            raise Problem("%(unit)s is closed.", unit=member.bound_for.label)
        return _go_over(actor, now, member, member.bound_for)


def fall_back_due(*, actor: Actor, now: datetime) -> int:
    """Put every transfer that nobody accepted in time into the hub over the unit it was bound for; how many.

    Raises Refused for everybody but the system.
    """
    if not actor.system:
        require(actor, "member.admit", "")
    limit = timezone.localdate(now) - TRANSIT_LIMIT
    late = Membership.objects.filter(
        state=Standing.TRANSFERRING, until__isnull=True, in_transfer_since__lt=limit
    ).order_by("pk")
    done = 0
    for key in late.values_list("pk", flat=True):
        with atomic():
            member = _locked(key)
            if member.bound_for is None:
                continue
            _go_over(actor, now, member, _hub_over(member.bound_for))
            done += 1
    return done


def retain_members(*, actor: Actor, now: datetime, unit: Unit, day: date) -> int:
    """Move the members of a unit that closes to the unit above as retained; how many. To be called by its closing.

    Raises Refused without ``member.admit`` at the unit above, Problem at the top.
    """
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
        if unit.parent is None:
            raise Problem("The federation at the top cannot be closed.")
        require(actor, "member.admit", unit.parent.path)
        members = list(
            Membership.objects.select_for_update(of=("self",))
            .filter(unit=unit, until__isnull=True)
            .exclude(state=Standing.LEFT)
            .order_by("pk")
        )
        above = []
        for member in members:
            member.until = max(day, member.since + _DAY)
            above.append(
                Membership(
                    person_id=member.person_id, unit=unit.parent, state=Standing.RETAINED,
                    employment=member.employment, since=member.until,
                )
            )  # fmt: skip
            if member.state == Standing.TRANSFERRING:
                member.state, member.bound_for, member.in_transfer_since = Standing.ACTIVE, None, None
        Membership.objects.bulk_update(members, ["until", "state", "bound_for", "in_transfer_since"], batch_size=1000)
        Membership.objects.bulk_create(above, batch_size=1000)
        # Who was on the way to the unit stays where they are.
        Membership.objects.filter(bound_for=unit, until__isnull=True).update(
            state=Standing.ACTIVE, bound_for=None, in_transfer_since=None
        )
        audit.record(
            actor=actor, now=now, action="member.retain", code=unit.label, unit_path=unit.path,
            detail={"number": len(members)},
        )  # fmt: skip
    return len(members)


def _locked(membership_id: int) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("unit", "bound_for").get(pk=membership_id)


def _go_over(actor: Actor, now: datetime, member: Membership, to: Unit) -> Membership:
    day = max(timezone.localdate(now), member.since + _DAY)
    if to.pk == member.unit_id:
        member.state, member.bound_for, member.in_transfer_since = Standing.ACTIVE, None, None
        member.save(update_fields=["state", "bound_for", "in_transfer_since"])
        _record(actor, now, "member.received", member)
        return member
    member.state, member.until, member.bound_for, member.in_transfer_since = Standing.ACTIVE, day, None, None
    member.save(update_fields=["state", "until", "bound_for", "in_transfer_since"])
    here = Membership.objects.create(
        person_id=member.person_id, unit=to, employment=member.employment, since=day, state=Standing.ACTIVE
    )
    _record(actor, now, "member.received", here, former=member.unit.label)
    return here


def _hub_over(unit: Unit) -> Unit:
    """The nearest open hub at or over a unit, else the nearest open unit over it."""
    line = [one for one in [unit, *reversed(line_above(unit))] if one.state != UnitState.CLOSED]
    above = [one for one in line if one.pk != unit.pk]
    return next((one for one in line if one.kind == UnitKind.HUB), above[0] if above else unit)


def _record(actor: Actor, now: datetime, action: str, member: Membership, **detail: object) -> None:
    audit.record(
        actor=actor,
        now=now,
        action=action,
        code=member.unit.label,
        unit_path=member.unit.path,
        detail={"membership": member.pk, **detail},
    )
