"""Casting a vote: the roll learns that, the box learns what, nothing learns both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import Channel
from qiao.decide.ballots.services.put_paper import hold_open, listed_codes, mark_roll, put_paper


def cast_ballot(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    proposal_codes: Sequence[str] = (),
    ranks: Mapping[str, int] | None = None,
) -> Receipt:
    """Put one paper into the box and return its receipt. ``ranks`` (1 is best) where the rule asks for an order.

    The frozen roll decides who votes, not today's register. There is no audit row: it would carry a person and a
    time; the mark on the roll is the record. The receipt holds no reference to the paper.

    Raises Refused for whoever is no person of the register, `VotedAlready` for a second vote, Problem for somebody
    not on the roll, outside the hours, for no project, too many, or one that is not on the paper.
    """
    if actor.person_id is None:
        raise Refused("only members vote")
    with atomic():
        ballot = hold_open(code)
        if not rules.is_voting(ballot.state, ballot.closes, now):
            raise Problem("This vote is not open now.")
        marks = rules.mark_paper(
            rule=ballot.rule, most=ballot.most, listed=listed_codes(ballot), chosen=proposal_codes, ranks=ranks
        )
        mark_roll(ballot, actor.person_id)
        return put_paper(ballot=ballot, marks=marks, channel=Channel.ONLINE, desk=None, now=now)
