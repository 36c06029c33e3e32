"""Jobs of ratings."""

from __future__ import annotations

import logging

from django.db import connection

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.base.problems import Problem
from qiao.judge.ratings import queries, services

_log = logging.getLogger(__name__)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="ratings.keep_hours", queueing_lock="ratings.keep_hours")
def keep_hours(timestamp: int) -> None:
    """Open and close ratings at their announced times, see to clocks that ran out. Counting stays with the officers."""
    del timestamp
    moment = now()
    to_open, to_close, clocks, over = queries.due_ratings(moment)
    for act, codes in ((services.open_rating, to_open), (services.close_rating, to_close)):
        for code in codes:
            try:
                act(actor=SYSTEM, now=moment, code=code)
            except Problem as problem:
                # A key or the typing of papers is missing: whoever has to see to it finds it on the desk.
                _log.info("rating %s waits: %s", code, problem.message)
    for code in clocks:
        services.lapse_clocks(now=moment, code=code)
    for code in over:
        services.lapse_petition(actor=SYSTEM, now=moment, code=code)


@jobs.task(name="ratings.pack_tables")
def pack_tables() -> None:
    """Rewrite the files of roll and box, so that row versions from before the close are gone from them too."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) ratings_rollentry, ratings_paper, ratings_cast")
