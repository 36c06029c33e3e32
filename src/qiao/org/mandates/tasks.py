"""Jobs of terms."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.clock import now
from qiao.org.mandates import services


@jobs.periodic(cron="10 2 * * *")
@jobs.task(name="mandates.mark_terms", queueing_lock="mandates.mark_terms", pass_context=False)
def mark_terms(timestamp: int) -> None:
    """Open the elections that fall due, say which are overdue."""
    services.mark_terms(now=now())
