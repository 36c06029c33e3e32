"""What waits in the database, for the measurements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from qiao.base.models import LedgerLeaf, TreeHead


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: jobs by state, seconds the first is late, entries of the ledger, those under a signed head."""

    jobs: dict[str, int]
    late: float
    leaves: int
    signed: int


def backlog(now: datetime) -> Backlog:
    """Count what waits at a moment; states no job is in are told as 0."""
    jobs = dict.fromkeys(("todo", "doing", "failed"), 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
        )
        jobs |= dict(cursor.fetchall())
        # The moment a job was put into the queue stands among its events.
        cursor.execute(
            "SELECT min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j JOIN procrastinate_events e"
            " ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'"
        )
        (due,) = cursor.fetchone()
    late = max(0.0, (now - due).total_seconds()) if due else 0.0
    head = TreeHead.objects.order_by("-size").values_list("size", flat=True).first()
    return Backlog(jobs, late, LedgerLeaf.objects.count(), head or 0)
