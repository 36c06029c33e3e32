"""One stretch of a standing: locking it, ending it, beginning the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.problems import Problem
from qiao.org.membership.choices import Confirmation, Standing
from qiao.org.membership.models import Membership
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer

DAY = timedelta(days=1)
#: What a standing on the way to another unit carries.
ON_THE_WAY = (
    "bound_for", "in_transfer_since", "transfer_due", "bound_employer", "transfer_confirmed",
)  # fmt: skip


def is_own(actor: Actor, member: Membership) -> bool:
    """Whether the actor is the member."""
    return actor.person_id is not None and actor.person_id == member.person_id


def expect_own(actor: Actor, member: Membership) -> None:
    """Raise Refused for anybody but the member."""
    if not is_own(actor, member):
        raise Refused("only the member does this")


def expect_word(actor: Actor, member: Membership, how: Confirmation) -> None:
    """Raise Problem where an officer does not say how the worker has confirmed what is theirs to say."""
    if how == Confirmation.OWN and not actor.system and not is_own(actor, member):
        raise Problem("Say how the worker has confirmed: by code, by signature or by telephone.")


def stay_here(member: Membership) -> None:
    """End a wish to go over; the standing stays what it was."""
    if member.state == Standing.TRANSFERRING:
        member.state = Standing.ACTIVE
    member.bound_for = member.in_transfer_since = member.transfer_due = member.bound_employer = None
    member.transfer_confirmed = ""
    member.save(update_fields=["state", *ON_THE_WAY])


def end_on(member: Membership, state: Standing, day: date) -> None:
    """End a standing with a state: a wish to go over ends with it."""
    member.bound_for = member.in_transfer_since = member.transfer_due = member.bound_employer = None
    member.transfer_confirmed = ""
    member.state, member.until = state, max(day, member.since + DAY)
    member.save(update_fields=["state", "until", *ON_THE_WAY])


def next_stretch(
    member: Membership, day: date, *, unit: Unit, state: Standing, employer: Employer | None = None
) -> Membership:
    """End the present stretch of a history and begin the next; the state of the ended one stays what it was."""
    day = max(day, member.since + DAY)
    if member.state == Standing.TRANSFERRING:
        member.state = Standing.ACTIVE
    member.until = day
    member.bound_for = member.in_transfer_since = member.transfer_due = member.bound_employer = None
    member.transfer_confirmed = ""
    member.save(update_fields=["state", "until", *ON_THE_WAY])
    return Membership.objects.create(
        person_id=member.person_id, unit=unit, employment=member.employment, employer=employer, since=day, state=state,
        told=member.told if unit.pk == member.unit_id else None, confirmed=member.confirmed,
        group=member.group if unit.pk == member.unit_id and state == Standing.ACTIVE else None,
    )  # fmt: skip


def locked(membership_id: int) -> Membership:
    """The standing, held until the transaction ends; raises Membership.DoesNotExist."""
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("unit", "bound_for", "bound_employer", "group")
        .get(pk=membership_id)
    )


def written(actor: Actor, now: datetime, action: str, member: Membership, **detail: object) -> None:
    """The audit row of a change; never a name."""
    audit.record(
        actor=actor,
        now=now,
        action=action,
        code=member.unit.label,
        unit_path=member.unit.path,
        detail={"membership": member.pk, **detail},
    )
