"""Closing a vote: the box is sealed before it is opened."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import pick
from qiao.base.ledger import log, merkle
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState, Channel
from qiao.decide.ballots.models import Ballot, BoothCode, Cast, Desk, Idea, Paper, RollEntry
from qiao.decide.ballots.rules.sealing import paper_leaf, receipt_leaves
from qiao.decide.ballots.services.audit_bursts import look_for_bursts


def close_ballot(*, actor: Actor, now: datetime, code: str) -> Ballot:
    """Close the vote at its announced end and commit to the papers in the ledger, still uncounted.

    Closing twice changes nothing. Raises Refused without ``ballot.count``, Problem for whoever filed an idea that is
    voted on, before the announced end, while a place's papers are not in the box, or where papers, marks on the roll
    and receipts do not agree.
    """
    with atomic():
        ballot = Ballot.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.count", ballot.unit.path)
        refuse_sponsors(actor, code)
        if ballot.state in (BallotState.CLOSED, BallotState.COUNTED):
            return ballot
        if not rules.may_change(ballot.state, BallotState.CLOSED):
            raise Problem("This vote was never opened.")
        if not rules.is_due_to_close(ballot.state, ballot.closes, now):
            raise Problem("The vote stays open until its announced end.")
        waiting = unfinished_desks(ballot)
        if waiting:
            raise Problem(
                "Papers of the place %(desk)s are not in the box yet: type them and finish the place first.",
                desk=pick(waiting[0].name),
            )
        missing = sum(desk.missing for desk in ballot.desks.all())
        unused = BoothCode.objects.filter(desk__ballot=ballot, used=False).count()
        marks = RollEntry.objects.filter(ballot=ballot, voted=True).count()
        papers = Paper.objects.filter(ballot=ballot).count()
        receipts = Receipt.objects.filter(kind="ballot", code=code).order_by("number").values_list("number", flat=True)
        given = len(receipts)
        if papers + missing != given or given + unused != marks:
            raise Problem(
                "The box does not agree with the roll: %(papers)d papers, %(marks)d marks on the roll, "
                "%(receipts)d receipts. Nothing was closed; call the auditor.",
                papers=papers,
                marks=marks,
                receipts=given,
            )
        ballot.state, ballot.closed, ballot.turnout = BallotState.CLOSED, now, papers
        ballot.missing = missing + unused
        ballot.papers_root = papers_root(ballot)
        ballot.bursts = look_for_bursts(ballot)
        ballot.save(update_fields=["state", "closed", "turnout", "missing", "papers_root", "bursts"])
        BoothCode.objects.filter(desk__ballot=ballot).delete()
        log.append(
            kind="ballot.closed",
            code=code,
            now=now,
            content={
                "turnout": papers,
                "marks": marks,
                "receipts": given,
                "roll_size": ballot.roll_size,
                "missing": ballot.missing,
                "papers_root": ballot.papers_root,
                "receipts_root": merkle.root(receipt_leaves(receipts)).hex(),
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


def refuse_sponsors(actor: Actor, code: str) -> None:
    """Whoever filed an idea of the round behind a vote neither closes, types nor counts it (handbook C08).

    Raises Problem for an author, of merged ideas and of those not on the paper too.
    """
    if actor.concerns(*Idea.objects.filter(round__ballot_code=code).values_list("author_id", flat=True)):
        raise Problem("You filed an idea in this round: somebody else counts the vote on it.")


def unfinished_desks(ballot: Ballot) -> list[Desk]:
    """Places whose papers were handed out and are not in the box of the vote yet."""
    given = Cast.objects.filter(desk=OuterRef("pk"), channel=Channel.PAPER)
    return list(ballot.desks.filter(Exists(given), channel=Channel.PAPER, finished__isnull=True))


def papers_root(ballot: Ballot) -> str:
    """Merkle root over all papers in the order of their random keys (hex): it changes with every paper."""
    rows = Paper.objects.filter(ballot=ballot).order_by("pk").values_list("pk", "marks", "ranks")
    return merkle.root([paper_leaf(key, marks, ranks) for key, marks, ranks in rows.iterator(10_000)]).hex()
