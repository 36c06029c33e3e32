"""Casting a vote: the roll learns that, the box learns what, nothing learns both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Place, Problem
from qiao.base.receipts import give_receipt
from qiao.decide.ballots import rules
from qiao.decide.ballots.models import Ballot, Paper, RollEntry


class VotedAlready(Problem):
    """This member's vote is in the box. Whoever catches it says so kindly: nothing was lost and nothing changed."""


def cast_ballot(*, actor: Actor, now: datetime, code: str, proposal_codes: Sequence[str]) -> Receipt:
    """Put one paper into the box and return its receipt.

    The frozen roll decides who votes, not today's register. There is no audit row: it would carry a person and a
    time; the mark on the roll is the record. The receipt holds no reference to the paper.

    Raises Refused for whoever is no person of the register, `VotedAlready` for a second vote, Problem for somebody
    not on the roll, outside the hours, for no project or one that is not on the paper.
    """
    if actor.person_id is None:
        raise Refused("only members vote")
    with atomic():
        ballot = _hold_open(code)
        if not rules.is_voting(ballot.state, ballot.closes, now):
            raise Problem("This vote is not open now.")
        listed = list(ballot.items.order_by("position").values_list("proposal_code", flat=True))
        unknown = sorted(set(proposal_codes) - set(listed))
        if unknown:
            raise Problem("This project is not on the ballot paper.", place=Place(source=unknown[0]))
        wanted = set(proposal_codes)
        if not wanted:
            raise Problem("Choose at least one project.")
        # Of two requests at once the second waits here for the first and then finds no row left to mark.
        marked = RollEntry.objects.filter(ballot=ballot, person_id=actor.person_id, voted=False).update(voted=True)
        if not marked:
            if RollEntry.objects.filter(ballot=ballot, person_id=actor.person_id).exists():
                raise VotedAlready(
                    noop("Your vote is in the box already. One member has one vote; the first one stays as it is.")
                )
            raise Problem(
                "You are not on the roll of this vote: it lists the members of the unit on the day the vote opened."
            )
        Paper.objects.create(ballot=ballot, approvals=[item for item in listed if item in wanted])
        return give_receipt(kind="ballot", code=code, now=now)


def _hold_open(code: str) -> Ballot:
    """The ballot, held against closing until this vote is in; votes do not wait for one another."""
    ballot = Ballot.objects.get(code=code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM ballots_ballot WHERE id = %s FOR SHARE", [ballot.pk])
        (ballot.state,) = cursor.fetchone()
    return ballot
