"""Jobs of votes."""

from __future__ import annotations

from django.db import connection

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.decide.ballots import queries, services


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="ballots.keep_hours", queueing_lock="ballots.keep_hours")
def keep_hours(timestamp: int) -> None:
    """Open and close votes at their announced times. Counting stays with the count officer."""
    del timestamp
    moment = now()
    for code in queries.due_to_open(moment):
        services.open_ballot(actor=SYSTEM, now=moment, code=code)
    for code in queries.due_to_close(moment):
        services.close_ballot(actor=SYSTEM, now=moment, code=code)
    for code in queries.stuck_counts(moment):
        # The worker that held this count is gone: nothing of it was written, so it begins anew.
        run_count.defer(code=code)


@jobs.task(name="ballots.count", lock="ballots.count")
def run_count(code: str) -> None:
    """Count a closed vote. Killed at any point nothing is written; done again the result is the same."""
    services.run_count(now=now(), code=code)


@jobs.task(name="ballots.pack_tables")
def pack_tables() -> None:
    """Rewrite the files of roll and box, so that row versions from before the count are gone from them too."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) ballots_rollentry, ballots_paper, ballots_cast")
