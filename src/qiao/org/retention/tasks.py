"""The nightly job."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.retention import services


@jobs.periodic(cron="40 2 * * *")
@jobs.task(name="retention.nightly", queueing_lock="retention.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Erase what is due, class by class, with proofs."""
    services.run_rules(actor=SYSTEM, now=now())
