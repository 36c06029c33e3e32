"""Jobs of the list of employers."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.workplaces import services


@jobs.periodic(cron="25 3 * * *")
@jobs.task(name="workplaces.nightly", queueing_lock="workplaces.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Delete old staging."""
    services.expire_staging(actor=SYSTEM, now=now())
