"""Keeping standing at the upper union: by the worker's wish, or when a unit closes."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.rules import may_be_retained
from qiao.org.membership.services.standing.stretch import DAY, ON_THE_WAY, expect_own, locked, next_stretch, written
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above
from qiao.org.units.rules import takes_in


def keep_standing(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """Have one's standing kept at the upper union, through retirement or the loss of a job; twice changes nothing.

    Returns the standing in force. Raises Refused for anybody but the member, Problem where it cannot be kept.
    """
    with atomic():
        member = locked(membership_id)
        expect_own(actor, member)
        if member.state == Standing.RETAINED:
            return member
        if member.until is not None or not may_be_retained(member.state):
            raise Problem("There is no standing to keep.")
        above = next((unit for unit in reversed(line_above(member.unit)) if takes_in(unit)), member.unit)
        kept = next_stretch(member, timezone.localdate(now), unit=above, state=Standing.RETAINED)
        written(actor, now, "member.retained", kept, former=member.unit.label)
        jobs.defer("membership.tell_standing", membership_id=kept.pk)
    return kept


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
            Membership.objects.select_for_update(of=("self",)).filter(unit=unit, until__isnull=True).order_by("pk")
        )
        above = []
        for member in members:
            member.until = max(day, member.since + DAY)
            above.append(
                Membership(
                    person_id=member.person_id, unit=unit.parent,
                    # Who is suspended is not set free by the end of a unit.
                    state=Standing.SUSPENDED if member.state == Standing.SUSPENDED else Standing.RETAINED,
                    employment=member.employment, since=member.until,
                )
            )  # fmt: skip
            if member.state == Standing.TRANSFERRING:
                member.state = Standing.ACTIVE
            member.bound_for = member.in_transfer_since = member.transfer_due = member.bound_employer = None
            member.transfer_confirmed = ""
        Membership.objects.bulk_update(members, ["until", "state", *ON_THE_WAY], batch_size=1000)
        Membership.objects.bulk_create(above, batch_size=1000)
        # Who was on the way to the unit stays where they are.
        bound = Membership.objects.filter(bound_for=unit, until__isnull=True)
        halted = {"bound_for": None, "in_transfer_since": None, "transfer_due": None, "bound_employer": None}
        bound.filter(state=Standing.TRANSFERRING).update(state=Standing.ACTIVE, transfer_confirmed="", **halted)
        bound.update(transfer_confirmed="", **halted)
        audit.record(
            actor=actor, now=now, action="member.retain", code=unit.label, unit_path=unit.path,
            detail={"number": len(members)},
        )  # fmt: skip
    return len(members)
