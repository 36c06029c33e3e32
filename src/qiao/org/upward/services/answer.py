"""Receiving, reviewing, returning and answering papers: the side above, whose clock it is."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.upward.choices import Outcome, PaperKind, PaperState
from qiao.org.upward.models import Paper
from qiao.org.upward.rules import require_for
from qiao.org.upward.services.steps import locked, move_on


def receive_paper(*, actor: Actor, now: datetime, code: str) -> Paper:
    """Confirm that a request has come. The clock runs since its issue, not since this.

    Raises Refused without ``paper.handle`` at the unit that holds it.
    """
    return _handle(actor=actor, now=now, code=code, wanted=PaperState.RECEIVED)


def review_paper(*, actor: Actor, now: datetime, code: str) -> Paper:
    """Take a received request into review. Raises Refused without ``paper.handle`` at the unit that holds it."""
    return _handle(actor=actor, now=now, code=code, wanted=PaperState.IN_REVIEW)


def return_paper(*, actor: Actor, now: datetime, code: str, reason: str) -> Paper:
    """Send a request back, above all where it holds two matters; its clock stops.

    Raises Refused without ``paper.handle`` at the unit that holds it, Problem without a reason.
    """
    if not reason.strip():
        raise Problem("Say why the paper goes back and what to change.")
    require_clean({"reason": reason})
    return _handle(actor=actor, now=now, code=code, wanted=PaperState.RETURNED, ground=reason)


def answer_paper(*, actor: Actor, now: datetime, code: str, outcome: Outcome, answer: str) -> Paper:
    """Sign the written answer: agreed, agreed with conditions, or not agreed, each with its reason.

    Raises Refused without ``paper.answer`` at the unit that holds it, Problem without a reason, where the signer
    drafted or signed the request, or where the request is not in review.
    """
    if not answer.strip():
        raise Problem("The answer needs its reason, and the conditions where there are any.")
    require_clean({"answer": answer})
    with atomic():
        paper = locked(code)
        require(actor, "paper.answer", paper.holder.path)
        if paper.state == PaperState.ANSWERED and actor.did(paper.answered_by_id) and paper.answer == answer:
            return paper
        require_untied(actor, paper.unit.path)
        require_other(
            actor,
            paper.drafted_by_id,
            paper.issued_by_id,
            said=Problem("Who drafted or signed a request does not answer it."),
        )
        move_on(
            paper=paper,
            wanted=PaperState.ANSWERED,
            actor=actor,
            now=now,
            unit=paper.holder,
            ground=answer,
            fields={
                "outcome": outcome,
                "answer": answer,
                "answered": now,
                "answered_by_id": actor.account_id,
            },
        )
    return paper


def read_report(*, actor: Actor, now: datetime, code: str) -> Paper:
    """Confirm that a report has been read. Raises Refused without ``paper.handle`` at the unit that holds it."""
    return _handle(actor=actor, now=now, code=code, wanted=PaperState.READ)


def close_paper(*, actor: Actor, now: datetime, code: str) -> Paper:
    """Close a request whose answer the asking unit has read. Raises Refused without ``paper.draft`` at its unit."""
    with atomic():
        paper = locked(code)
        require_for(actor, "paper.draft", paper.unit)
        if paper.state != PaperState.CLOSED:
            move_on(paper=paper, wanted=PaperState.CLOSED, actor=actor, now=now, unit=paper.unit)
    return paper


def _handle(*, actor: Actor, now: datetime, code: str, wanted: PaperState, ground: str = "") -> Paper:
    with atomic():
        paper = locked(code)
        require(actor, "paper.handle", paper.holder.path)
        if paper.state == wanted:
            return paper
        require_untied(actor, paper.unit.path)
        if wanted == PaperState.RETURNED:
            require_other(
                actor,
                paper.drafted_by_id,
                paper.issued_by_id,
                said=Problem("Who drafted or signed a request does not answer it."),
            )
        stop: dict[str, object] = {"due": None} if wanted == PaperState.RETURNED else {}
        if paper.kind == PaperKind.REPORT and wanted != PaperState.READ:
            raise Problem("A report is read; nothing else is due on it.")
        move_on(paper=paper, wanted=wanted, actor=actor, now=now, unit=paper.holder, ground=ground, fields=stop)
    return paper
