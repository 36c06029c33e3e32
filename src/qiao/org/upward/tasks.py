"""Jobs of papers upward."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.org.upward import queries, services


@jobs.periodic(cron="7 * * * *")
@jobs.task(name="upward.clocks", queueing_lock="upward.clocks", pass_context=False)
def end_clocks(timestamp: int) -> None:
    """End the clocks that have run out: each paper in its own transaction, so that one fault stops no other."""
    moment = now()
    for code in queries.run_out(now=moment):
        services.end_silence(actor=SYSTEM, now=moment, code=code)
