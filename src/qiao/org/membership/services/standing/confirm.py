"""Members who know that they are members: the notice that reached them, and their own word."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership
from qiao.org.membership.services.standing.stretch import expect_own, locked, written
from qiao.org.units.models import Unit

#: At most so many are asked at once: the rest the next time.
_AT_ONCE = 2000


def confirm_own(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """The member's own word: I know that I am a member. Said again it is dated anew. Raises Refused for others."""
    with atomic():
        member = locked(membership_id)
        expect_own(actor, member)
        if member.until is None and member.confirmed != timezone.localdate(now):
            member.confirmed = timezone.localdate(now)
            member.save(update_fields=["confirmed"])
            written(actor, now, "member.confirmed", member)
    return member


def note_told(*, actor: Actor, now: datetime, membership_id: int) -> Membership:
    """A notice of membership has reached the member. Raises Refused without ``member.admit`` at the unit."""
    with atomic():
        member = locked(membership_id)
        require(actor, "member.admit", member.unit.path)
        if member.told is None:
            member.told = timezone.localdate(now)
            member.save(update_fields=["told"])
            written(actor, now, "member.told", member)
    return member


def ask_members(*, actor: Actor, now: datetime, unit: Unit) -> int:
    """Ask the members of a unit, of itself and not below it, who have not said it yet, whether they know it; how many.

    Raises Refused without ``member.admit`` at the unit.
    """
    require(actor, "member.admit", unit.path)
    with atomic():
        keys = list(
            Membership.objects.filter(unit=unit, until__isnull=True, state__in=HOLDING, confirmed__isnull=True)
            .order_by("pk")
            .values_list("pk", flat=True)[:_AT_ONCE]
        )
        for key in keys:
            jobs.defer("membership.tell_standing", membership_id=key)
        audit.record(
            actor=actor, now=now, action="member.asked", code=unit.label, unit_path=unit.path,
            detail={"number": len(keys)},
        )  # fmt: skip
    return len(keys)
