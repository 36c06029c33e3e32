"""Jobs of the rights library."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.hear.rights import services


@jobs.periodic(cron="31 0 * * *")
@jobs.task(name="rights.expire", queueing_lock="rights.expire", pass_context=False)
def expire(timestamp: int) -> None:
    """End articles that hold no longer."""
    while services.expire_due(actor=SYSTEM, now=now()):
        pass
