"""Folding the tally of members."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.org.membership.models import MemberTally

_TABLE = MemberTally._meta.db_table
_KINDS = "direct, agency, platform, freelance"
_SUMS = "sum(direct), sum(agency), sum(platform), sum(freelance)"


def fold_tally(*, actor: Actor, now: datetime) -> int:
    """Put the tally's rows of each unit into one; how many rows are gone. Sums stay as they are at every moment.

    Two foldings at once wait for each other; nobody else waits. Raises Refused for everybody but the system.
    """
    require(actor, "member.admit", "")
    with atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('membership tally'))")
        # A unit that moves meanwhile would change the path of rows that are gone and miss the one in their place.
        cursor.execute(
            "SELECT id FROM units_unit WHERE id IN"  # noqa: S608
            f" (SELECT unit_id FROM {_TABLE} GROUP BY unit_id HAVING count(*) > 1) ORDER BY id FOR KEY SHARE"
        )
        units = [key for (key,) in cursor.fetchall()]
        cursor.execute(
            f"WITH gone AS (DELETE FROM {_TABLE} WHERE unit_id = ANY(%s) RETURNING *), one AS"  # noqa: S608
            f" (INSERT INTO {_TABLE} (unit_id, path, {_KINDS}) SELECT unit_id, path, {_SUMS} FROM gone"
            " GROUP BY unit_id, path RETURNING 1) SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM one)",
            [units],
        )
        (folded,) = cursor.fetchone()
        if folded:
            audit.record(actor=actor, now=now, action="member.fold", detail={"rows": folded})
    return int(folded)
