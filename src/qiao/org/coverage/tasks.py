"""Jobs of coverage."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.coverage import services


@jobs.periodic(cron="40 2 * * *")
@jobs.task(name="coverage.nightly", queueing_lock="coverage.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Compute the coverage of today and of the ends of years not computed yet."""
    services.refresh_nightly(actor=SYSTEM, now=now())


@jobs.task(name="coverage.refresh", queueing_lock="coverage.refresh")
def refresh() -> None:
    """Compute the coverage of today once more: the scope has been stated anew."""
    services.refresh_nightly(actor=SYSTEM, now=now())
