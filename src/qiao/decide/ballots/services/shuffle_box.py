"""Wiping out the order in which votes came in."""

from __future__ import annotations

from django.db import connection

from qiao.base.db import atomic
from qiao.base.jobs import defer


def shuffle_box(*, ballot_id: int) -> None:
    """Write papers and roll anew in an order that tells nothing; called in the transaction of the count.

    PostgreSQL appends rows in the order they come and stamps each with its transaction: while a vote is open, the mark
    on the roll and the paper of one request share that stamp. Written anew in one transaction (papers by their random
    key, the roll by person) all rows of a ballot carry one and the same stamp. A job then packs both tables, so that
    the old row versions leave the files too. Doing it twice is harmless.
    """
    with atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS box_papers, box_roll")
        cursor.execute(
            "CREATE TEMP TABLE box_papers ON COMMIT DROP AS "
            "SELECT id, marks, ranks FROM ballots_paper WHERE ballot_id = %s",
            [ballot_id],
        )
        cursor.execute(
            "CREATE TEMP TABLE box_roll ON COMMIT DROP AS "
            "SELECT person_id, voted FROM ballots_rollentry WHERE ballot_id = %s",
            [ballot_id],
        )
        cursor.execute("DELETE FROM ballots_paper WHERE ballot_id = %s", [ballot_id])
        cursor.execute("DELETE FROM ballots_rollentry WHERE ballot_id = %s", [ballot_id])
        cursor.execute(
            "INSERT INTO ballots_paper (id, ballot_id, marks, ranks) "
            "SELECT id, %s, marks, ranks FROM box_papers ORDER BY id",
            [ballot_id],
        )
        cursor.execute(
            "INSERT INTO ballots_rollentry (ballot_id, person_id, voted) "
            "SELECT %s, person_id, voted FROM box_roll ORDER BY person_id",
            [ballot_id],
        )
        cursor.execute("DROP TABLE box_papers, box_roll")
    # By name: services stand below tasks. The job is a row of the same transaction.
    defer("ballots.pack_tables")
