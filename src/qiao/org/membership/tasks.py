"""Jobs of the register."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.membership import services


@jobs.task(name="membership.tell_standing")
def tell_standing(membership_id: int) -> None:
    """Tell a member where they are a member and who represents them."""
    services.tell_standing(actor=SYSTEM, now=now(), membership_id=membership_id)


@jobs.task(name="membership.tell_left")
def tell_left(membership_id: int) -> None:
    """Confirm to somebody that they have left."""
    services.tell_left(actor=SYSTEM, now=now(), membership_id=membership_id)


@jobs.task(name="membership.tell_ruling")
def tell_ruling(code: str) -> None:
    """Tell a member of a ruling on their standing."""
    services.tell_ruling(actor=SYSTEM, now=now(), code=code)


@jobs.periodic(cron="20 3 * * *")
@jobs.task(name="membership.nightly", queueing_lock="membership.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Let transfers nobody accepted fall back to the hub; fold the tally."""
    services.fall_back_due(actor=SYSTEM, now=now())
    services.fold_tally(actor=SYSTEM, now=now())
