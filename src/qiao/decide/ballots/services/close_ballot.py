"""Closing a budget vote: the box is sealed before it is opened."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.ledger import log, merkle
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState
from qiao.decide.ballots.models import Ballot, Paper, RollEntry


def close_ballot(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Close the vote at its announced end and commit to the papers in the ledger, still uncounted.

    Closing twice changes nothing. Raises Refused without ``ballot.count``, Problem before the announced end or where
    papers, marks on the roll and receipts are not equally many.
    """
    with atomic():
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.count", ballot.unit.path)
        if ballot.state in (BallotState.CLOSED, BallotState.COUNTED):
            return ballot
        if not rules.may_change(ballot.state, BallotState.CLOSED):
            raise Problem("This vote was never opened.")
        if not rules.is_due_to_close(ballot.state, ballot.closes, now):
            raise Problem("The vote stays open until its announced end.")
        marks = RollEntry.objects.filter(ballot=ballot, voted=True).count()
        papers = Paper.objects.filter(ballot=ballot).count()
        receipts = Receipt.objects.filter(kind="ballot", code=code).order_by("number").values_list("number", flat=True)
        given = len(receipts)
        if not papers == marks == given:
            raise Problem(
                "The box does not agree with the roll: %(papers)d papers, %(marks)d marks on the roll, "
                "%(receipts)d receipts. Nothing was closed; call the auditor.",
                papers=papers,
                marks=marks,
                receipts=given,
            )
        ballot.state, ballot.closed, ballot.turnout = BallotState.CLOSED, now, papers
        ballot.papers_root = papers_root(ballot)
        ballot.save(update_fields=["state", "closed", "turnout", "papers_root"])
        log.append(
            kind="ballot.closed",
            code=code,
            now=now,
            content={
                "turnout": papers,
                "roll_size": ballot.roll_size,
                "papers_root": ballot.papers_root,
                "receipts_root": merkle.root([merkle.leaf_hash(number.encode()) for number in receipts]).hex(),
            },
        )
        audit.record(
            actor=actor,
            now=now,
            action="ballot.close",
            code=code,
            unit_path=ballot.unit.path,
            detail={"papers": papers},
        )
    return ballot


def papers_root(ballot: Ballot) -> str:
    """Merkle root over all papers in the order of their random keys (hex): it changes with every paper."""
    rows = Paper.objects.filter(ballot=ballot).order_by("pk").values_list("pk", "approvals")
    return merkle.root(
        [merkle.leaf_hash(f"{key}:{','.join(approvals)}".encode()) for key, approvals in rows.iterator()]
    ).hex()
