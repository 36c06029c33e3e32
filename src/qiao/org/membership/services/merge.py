"""A merger: the members of a unit that ends go on in the unit that takes over. Standing is never lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.org.membership.choices import Standing
from qiao.org.membership.models import Membership
from qiao.org.units.models import Unit

_DAY = timedelta(days=1)


def merge_members(*, actor: Actor, now: datetime, unit: Unit, receiver: Unit, day: date) -> int:
    """Carry the members of ``unit`` over to ``receiver`` from a day on, each as what they were; how many.

    To be called by the closing of the unit. Who was on the way to another unit becomes a member of the receiver and
    may start again; who was on the way
    to this one is on the way to the receiver. Raises Refused without ``unit.approve`` at the unit above.
    """
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        require(actor, "unit.approve", unit.path[:-5])
        members = list(
            Membership.objects.select_for_update(of=("self",)).filter(unit=unit, until__isnull=True).order_by("pk")
        )
        carried = []
        for member in members:
            since = max(day, member.since + _DAY)
            carried.append(
                Membership(
                    person_id=member.person_id, unit=receiver, state=member.state, employment=member.employment,
                    since=since, employer_id=member.employer_id, told=member.told, confirmed=member.confirmed,
                )
            )  # fmt: skip
            if member.state == Standing.TRANSFERRING:
                carried[-1].state = Standing.ACTIVE
                member.state = Standing.ACTIVE
            member.until = since
            member.bound_for = member.in_transfer_since = member.transfer_due = member.bound_employer = None
            member.transfer_confirmed = ""
        _bound_elsewhere(unit, receiver)
        Membership.objects.bulk_update(
            members,
            [
                "until",
                "state",
                "bound_for",
                "in_transfer_since",
                "transfer_due",
                "bound_employer",
                "transfer_confirmed",
            ],
            batch_size=1000,
        )
        Membership.objects.bulk_create(carried, batch_size=1000)
        audit.record(
            actor=actor, now=now, action="member.merge", code=unit.label, unit_path=unit.path,
            detail={"number": len(members), "receiver": receiver.label},
        )  # fmt: skip
    return len(members)


def _bound_elsewhere(unit: Unit, receiver: Unit) -> None:
    """Who was on the way to the unit is on the way to the one that takes over; who came from there stays there."""
    bound = Membership.objects.filter(bound_for=unit, until__isnull=True)
    bound.exclude(unit=receiver).update(bound_for=receiver)
    bound.filter(unit=receiver, state=Standing.TRANSFERRING).update(
        state=Standing.ACTIVE, bound_for=None, in_transfer_since=None, transfer_due=None, bound_employer=None,
        transfer_confirmed="",
    )  # fmt: skip
