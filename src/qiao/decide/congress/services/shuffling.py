"""Wiping out the order in which votes came in: see the same of budget votes."""

from __future__ import annotations

from django.db import connection

from qiao.base.db import atomic
from qiao.base.jobs import defer


def shuffle_box(*, item_id: int) -> None:
    """Write papers and marks anew, papers by their random key, marks by delegate, all with one transaction's stamp.

    While a vote is open the mark and the paper of one request share that stamp; afterwards nothing joins them. A job
    packs both tables, so that the old rows leave the files. Doing it twice is harmless.
    """
    with atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS box_votes, box_marks")
        cursor.execute(
            "CREATE TEMP TABLE box_votes ON COMMIT DROP AS "
            "SELECT id, choices FROM congress_votepaper WHERE item_id = %s",
            [item_id],
        )
        cursor.execute(
            "CREATE TEMP TABLE box_marks ON COMMIT DROP AS "
            "SELECT delegate_id, voted, on_paper FROM congress_votemark WHERE item_id = %s",
            [item_id],
        )
        cursor.execute("DELETE FROM congress_votepaper WHERE item_id = %s", [item_id])
        cursor.execute("DELETE FROM congress_votemark WHERE item_id = %s", [item_id])
        cursor.execute(
            "INSERT INTO congress_votepaper (id, item_id, choices) SELECT id, %s, choices FROM box_votes ORDER BY id",
            [item_id],
        )
        cursor.execute(
            "INSERT INTO congress_votemark (item_id, delegate_id, voted, on_paper) "
            "SELECT %s, delegate_id, voted, on_paper FROM box_marks ORDER BY delegate_id",
            [item_id],
        )
        cursor.execute("DROP TABLE box_votes, box_marks")
    # By name: services stand below tasks. The job is a row of the same transaction.
    defer("congress.pack_tables")
