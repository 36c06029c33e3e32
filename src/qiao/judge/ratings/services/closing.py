"""Closing the vote: the sealed box is held against roll and receipts, shuffled, and committed to in the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from django.db import connection
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.jobs import defer
from qiao.base.ledger import log, merkle
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.judge.ratings.choices import Channel, State, VoidReason
from qiao.judge.ratings.models import Cast, Paper, Rating, RollEntry
from qiao.judge.ratings.services.papers import given_out
from qiao.judge.ratings.services.steps import CALL, above, locked, move, note, require_count_officer
from qiao.judge.ratings.services.voiding import make_void
from qiao.judge.ratings.services.voting import RECEIPT
from qiao_stats.bursts import find_bursts

#: Votes are looked at in windows of so many minutes.
WINDOW = 10


def close_rating(*, actor: Actor, now: datetime, code: str) -> Rating:
    """Close the vote at its announced end, still sealed. Closing twice changes nothing.

    Where box, roll and receipts do not agree the rating is void. Raises Refused for all but the rating's count
    officers, those with ``rating.call`` above, and the system's clock; Problem before the end or while papers wait.
    """
    with atomic():
        rating = locked(code)
        if not actor.system and not (above(rating) and actor.may(CALL, above(rating))):
            require_count_officer(actor, rating, now)
        if rating.state == State.CLOSED:
            return rating
        if rating.state != State.OPEN:
            raise Problem("This vote is not open now.")
        if now < rating.closes:
            raise Problem("The vote stays open until its announced end.")
        if given_out(rating) and not rating.papers_done:
            raise Problem("Papers were handed out and are not in the box yet: two count officers type them first.")
        receipts = list(Receipt.objects.filter(kind=RECEIPT, code=code).values_list("number", flat=True))
        marks = RollEntry.objects.filter(rating=rating, voted=True).count()
        papers = Paper.objects.filter(rating=rating).count()
        rating.bursts = _bursts(rating)
        if papers + rating.papers_missing != len(receipts) or len(receipts) != marks:
            make_void(
                rating, VoidReason.MISMATCH,
                in_every_language(
                    noop(
                        "The box does not agree with the roll: %(papers)d ballots, %(marks)d marks, "
                        "%(receipts)d receipts."
                    ),
                    papers=papers, marks=marks, receipts=len(receipts),
                ),
                actor=actor, now=now,
            )  # fmt: skip
            return rating
        move(rating, State.CLOSED, actor=actor, now=now)
        rating.closed, rating.voted = now, marks
        rating.voted_frontline = RollEntry.objects.filter(rating=rating, voted=True, frontline=True).count()
        rating.papers_root = papers_root(rating)
        rating.receipts_root = merkle.root(receipt_leaves(receipts)).hex()
        rating.save()
        _shuffle(rating)
        log.append(
            kind="rating.closed", code=code, now=now,
            content={
                "voted": marks, "roll_size": rating.roll_size, "missing": rating.papers_missing,
                "papers_root": rating.papers_root, "receipts_root": rating.receipts_root,
            },
        )  # fmt: skip
        note(rating, actor=actor, now=now, deed="close", voted=marks)
    return rating


def papers_root(rating: Rating) -> str:
    """Merkle root over all sealed ballots in the order of their random keys (hex)."""
    rows = Paper.objects.filter(rating=rating).order_by("pk").values_list("pk", "sealed")
    return merkle.root([merkle.leaf_hash(key.bytes + bytes(sealed)) for key, sealed in rows.iterator(2_000)]).hex()


def receipt_leaves(numbers: list[str]) -> list[bytes]:
    """Leaves of the receipts' tree, sorted: where a receipt stands in it says nothing about when it was given."""
    return sorted(merkle.leaf_hash(number.encode()) for number in numbers)


def _bursts(rating: Rating) -> list[dict[str, object]]:
    """Windows in which far more votes came in by one way than around them; then the times go."""
    opened = (rating.opened or rating.opens).replace(second=0, microsecond=0)
    length = int((rating.closes - opened).total_seconds() // 60) + 1
    found: list[dict[str, object]] = []
    for channel in Channel:
        minutes = [
            int((minute - opened).total_seconds() // 60)
            for minute in Cast.objects.filter(rating=rating, channel=channel).values_list("minute", flat=True)
        ]
        if not minutes:
            continue
        counts = np.bincount(np.clip(np.array(minutes), 0, length - 1), minlength=length)
        found += [
            {
                "begins": (opened + timedelta(minutes=burst.begins)).isoformat(), "minutes": WINDOW,
                "channel": channel.value, "votes": burst.votes, "expected": round(burst.expected, 1),
            }
            for burst in find_bursts(counts, window=WINDOW)
        ]  # fmt: skip
    Cast.objects.filter(rating=rating).delete()
    return found


def _shuffle(rating: Rating) -> None:
    """Write box and roll anew in an order that tells nothing, with one stamp for all rows, before anything is opened.

    A job then packs the tables, so that the old row versions leave the files too. Doing it twice is harmless.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS rating_papers, rating_roll")
        cursor.execute("CREATE TEMP TABLE rating_papers ON COMMIT DROP AS SELECT id, sealed FROM ratings_paper "
                       "WHERE rating_id = %s", [rating.pk])  # fmt: skip
        cursor.execute("CREATE TEMP TABLE rating_roll ON COMMIT DROP AS SELECT person_id, frontline, voted "
                       "FROM ratings_rollentry WHERE rating_id = %s", [rating.pk])  # fmt: skip
        cursor.execute("DELETE FROM ratings_paper WHERE rating_id = %s", [rating.pk])
        cursor.execute("DELETE FROM ratings_rollentry WHERE rating_id = %s", [rating.pk])
        cursor.execute("INSERT INTO ratings_paper (id, rating_id, sealed) SELECT id, %s, sealed FROM rating_papers "
                       "ORDER BY id", [rating.pk])  # fmt: skip
        cursor.execute("INSERT INTO ratings_rollentry (rating_id, person_id, frontline, voted) "
                       "SELECT %s, person_id, frontline, voted FROM rating_roll ORDER BY person_id",
                       [rating.pk])  # fmt: skip
        cursor.execute("DROP TABLE rating_papers, rating_roll")
    # By name: services stand below tasks. The job is a row of the same transaction.
    defer("ratings.pack_tables")
