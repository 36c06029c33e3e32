"""Putting a paper into the box, whatever way it came."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_noop as noop

from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import Channel
from qiao.decide.ballots.models import Ballot, Cast, Desk, Paper, RollEntry


class VotedAlready(Problem):
    """This member's vote is used. Whoever catches it says so kindly: nothing was lost and nothing changed."""


def hold_open(code: str) -> Ballot:
    """The ballot, held against closing until this vote is in; votes do not wait for one another."""
    ballot = Ballot.objects.get(code=code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM ballots_ballot WHERE id = %s FOR SHARE", [ballot.pk])
        (ballot.state,) = cursor.fetchone()
    return ballot


def mark_roll(ballot: Ballot, person_id: int) -> None:
    """Mark that a member votes, whatever way. Raises `VotedAlready`, or Problem for somebody not on the roll."""
    # Of two requests at once the second waits here for the first and then finds no row left to mark.
    if RollEntry.objects.filter(ballot=ballot, person_id=person_id, voted=False).update(voted=True):
        return
    if RollEntry.objects.filter(ballot=ballot, person_id=person_id).exists():
        raise VotedAlready(
            noop("Your vote is in the box already. One member has one vote; the first one stays as it is.")
        )
    raise Problem("You are not on the roll of this vote: it lists the members of the unit on the day the vote opened.")


def listed_codes(ballot: Ballot) -> list[str]:
    """Codes of the projects in the order of the paper."""
    return list(ballot.items.order_by("position").values_list("proposal_code", flat=True))


def put_paper(*, ballot: Ballot, marks: rules.Marks, channel: Channel, desk: Desk | None, now: datetime) -> Receipt:
    """Put a paper into the box, note the minute without a name, and give the receipt, which knows no paper."""
    Paper.objects.create(ballot=ballot, marks=marks.marks, ranks=marks.ranks)
    note_cast(ballot=ballot, channel=channel, desk=desk, now=now)
    return give_receipt(kind="ballot", code=ballot.code, now=now)


def note_cast(*, ballot: Ballot, channel: Channel, desk: Desk | None, now: datetime) -> None:
    """Note that one vote came in this minute by this way."""
    Cast.objects.create(ballot=ballot, minute=now.replace(second=0, microsecond=0), channel=channel, desk=desk)
