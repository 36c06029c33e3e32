"""Casting a vote: the roll learns that, the sealed box learns what, nothing learns both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_noop as noop

from qiao.base import sealing
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.judge.ratings.choices import Channel
from qiao.judge.ratings.models import Cast, Paper, Rating, RollEntry
from qiao.judge.ratings.rules.form import checked
from qiao.judge.ratings.rules.states import is_voting

RECEIPT = "rating"


class VotedAlready(Problem):
    """This member's vote is used; the first one stands."""


def cast_vote(
    *, actor: Actor, now: datetime, code: str, grades: Mapping[str, str] | None = None, sealed: bytes | None = None
) -> Receipt:
    """Put one member's ballot into the box and return the receipt. No audit row: it would hold a time and a name.

    Either ``sealed`` on the member's device, which nobody here can read or check but for its size, or ``grades`` that
    are sealed now, where script was off. Exactly one of the two.

    Raises Refused for whoever is no person, `VotedAlready`, Problem for somebody not on the roll, outside the hours,
    for a ballot that leaves a point out, or for bytes that are no sealed ballot.
    """
    if actor.person_id is None:
        raise Refused("only members on the roll vote")
    with atomic():
        rating = hold_open(code)
        if not is_voting(rating.state, rating.closes, now):
            raise Problem("This vote is not open now.")
        if sealed is None:
            sealed = sealing.seal(rating.public_key, checked(rating.form, grades or {}, whole=True))
        elif len(sealed) != sealing.PAD + sealing.OVERHEAD:
            raise Problem("This is no sealed ballot: reload the page and vote again. Your vote is not used yet.")
        mark_roll(rating, actor.person_id)
        Paper.objects.create(rating=rating, sealed=sealed)
        note_cast(rating, Channel.ONLINE, now)
        return give_receipt(kind=RECEIPT, code=code, now=now)


def hold_open(code: str) -> Rating:
    """The rating, held against closing until this vote is in; votes do not wait for one another."""
    rating = Rating.objects.select_related("unit").filter(code=code).first()
    if rating is None:
        raise Problem("There is no rating %(code)s.", code=code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM ratings_rating WHERE id = %s FOR SHARE", [rating.pk])
        (rating.state,) = cursor.fetchone()
    return rating


def mark_roll(rating: Rating, person_id: int) -> None:
    """Mark that a member votes, whatever way. Raises `VotedAlready`, or Problem for somebody not on the roll."""
    # Of two requests at once the second waits here for the first and then finds no row left to mark.
    if RollEntry.objects.filter(rating=rating, person_id=person_id, voted=False).update(voted=True):
        return
    if RollEntry.objects.filter(rating=rating, person_id=person_id).exists():
        raise VotedAlready(
            noop("Your vote is in the box already. One member has one vote; the first one stays as it is.")
        )
    raise Problem("You are not on the roll of this vote: it lists the members on the day it was frozen.")


def put_paper(rating: Rating, marks: Mapping[str, str]) -> None:
    """Seal a ballot into the box: all sealed ballots have one length, whatever they say."""
    Paper.objects.create(rating=rating, sealed=sealing.seal(rating.public_key, dict(marks)))


def note_cast(rating: Rating, channel: Channel, now: datetime) -> None:
    """Note that one vote came in this minute by this way."""
    Cast.objects.create(rating=rating, minute=now.replace(second=0, microsecond=0), channel=channel)
