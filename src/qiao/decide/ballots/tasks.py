"""Jobs of budget votes."""

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


@jobs.task(name="ballots.pack_tables")
def pack_tables() -> None:
    """Rewrite the files of roll and box, so that row versions from before the count are gone from them too."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) ballots_rollentry, ballots_paper")
