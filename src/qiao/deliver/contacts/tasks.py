"""Jobs of contact duty."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.deliver.contacts import services


@jobs.periodic(cron="37 2 * * *")
@jobs.task(name="contacts.overdue", queueing_lock="contacts.overdue", pass_context=False)
def overdue(timestamp: int) -> None:
    """Mark visits that were not logged in time."""
    while services.mark_overdue(actor=SYSTEM, now=now()):
        pass
