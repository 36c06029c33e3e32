"""Leaving: the member's own, at once, without a reason."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import jobs
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.membership.choices import Confirmation, Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.rules import may_leave
from qiao.org.membership.services.standing.stretch import end_on, expect_own, expect_word, locked, written


def leave_union(*, actor: Actor, now: datetime, membership_id: int) -> tuple[Membership, str]:
    """Leave, at once, by the member's own word alone and without a reason; the standing as ended and the receipt.

    Leaving twice changes nothing and gives no second receipt ("").

    Raises Refused for anybody but the member, Problem where there is nothing to leave.
    """
    with atomic():
        member = locked(membership_id)
        expect_own(actor, member)
        if member.until is not None:
            return member, ""
        if not may_leave(member.state):
            raise Problem("There is no standing to leave.")
        end_on(member, Standing.LEFT, timezone.localdate(now))
        code = f"M-{member.pk}"
        receipt = give_receipt(kind="leaving", code=code, now=now, content=f"{code} {timezone.localdate(now)}")
        written(actor, now, "member.left", member, own=True)
        jobs.defer("membership.tell_left", membership_id=member.pk)
    return member, receipt.number


def end_membership(
    *, actor: Actor, now: datetime, membership_id: int, day: date, how: Confirmation = Confirmation.OWN
) -> Membership:
    """Enter for a member that they have left, from a day on; entering it twice changes nothing.

    ``how`` the member confirmed it: leaving is theirs alone, so an officer enters it only with their word.

    Raises Refused without ``member.admit`` at the member's unit, Problem for a day to come or before the standing.
    """
    with atomic():
        member = locked(membership_id)
        require(actor, "member.admit", member.unit.path)
        require_untied(actor, member.unit.path, member.employer_id)
        expect_word(actor, member, how)
        if member.until is not None:
            return member
        if day > timezone.localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
        if day < member.since:
            raise Problem("The member joined later, on %(day)s.", day=member.since.isoformat())
        end_on(member, Standing.LEFT, day)
        written(actor, now, "member.left", member, how=how.value)
        jobs.defer("membership.tell_left", membership_id=member.pk)
    return member
