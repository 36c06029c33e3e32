"""Jobs of the register."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.membership import services


@jobs.task(name="membership.tell_admitted")
def tell_admitted(membership_id: int) -> None:
    """Mail a new member where they are a member."""
    services.tell_admitted(actor=SYSTEM, now=now(), membership_id=membership_id)


@jobs.periodic(cron="20 3 * * *")
@jobs.task(name="membership.nightly", queueing_lock="membership.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Delete old staging; let transfers nobody accepted fall back to the hub."""
    services.expire_staging(actor=SYSTEM, now=now())
    services.fall_back_due(actor=SYSTEM, now=now())
