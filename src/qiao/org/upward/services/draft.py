"""Drafting a paper, signing it, taking it back: the lower side."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qiao.base.access import Actor, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.settings.queries import calendar_of, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.upward.choices import Addressee, Matter, PaperKind, PaperState
from qiao.org.upward.models import Paper
from qiao.org.upward.rules import asks_something, number_of_questions, require_for
from qiao.org.upward.rules.settings import ANSWER_WITHIN, ANSWER_WITHIN_CHAIR, CHAIR_SILENCE_CONSENTS
from qiao.org.upward.services.steps import locked, log, move_on


def draft_paper(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    kind: PaperKind,
    matter: Matter,
    title: str,
    text: str,
    question: str = "",
    proposal: str = "",
    addressee: Addressee = Addressee.UPPER,
) -> Paper:
    """Draft a paper of ``unit``. It goes to the unit above, or to the unit's own committee or congress.

    Raises Refused without ``paper.draft`` at the unit, Problem for a closed unit, the root asking a unit above it,
    a request without a question or own proposal, a report with one, Problems where the text holds member data (P9).
    """
    require_for(actor, "paper.draft", unit)
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    holder = _holder(unit, addressee)
    _check(kind=kind, title=title, text=text, question=question, proposal=proposal)
    with atomic():
        paper = Paper.objects.create(
            code=next_code("U"),
            kind=kind,
            unit=unit,
            addressee=addressee,
            holder=holder,
            matter=matter,
            title=title,
            text=text,
            question=question,
            proposal=proposal,
            drafted=now,
            drafted_by_id=actor.account_id,
        )
        log(paper=paper, before="", actor=actor, now=now, unit=unit)
    return paper


def revise_paper(
    *, actor: Actor, now: datetime, code: str, matter: Matter, title: str, text: str, question: str, proposal: str
) -> Paper:
    """Change a draft, or a paper that was sent back. What was signed before is not: it has to be signed again.

    Raises Refused without ``paper.draft`` at its unit, Problem once it is out, or for the faults of a draft.
    """
    with atomic():
        paper = locked(code)
        require_for(actor, "paper.draft", paper.unit)
        if paper.state not in (PaperState.DRAFT, PaperState.RETURNED):
            raise Problem("The paper has been issued: its text stands.")
        _check(kind=PaperKind(paper.kind), title=title, text=text, question=question, proposal=proposal)
        paper.matter, paper.title, paper.text = matter, title, text
        paper.question, paper.proposal = question, proposal
        # Whoever changed the text last may not sign it.
        paper.drafted_by_id, paper.issued_by = actor.account_id, None
        paper.save(update_fields=["matter", "title", "text", "question", "proposal", "drafted_by", "issued_by"])
        log(paper=paper, before=paper.state, actor=actor, now=now, unit=paper.unit)
    return paper


def issue_paper(*, actor: Actor, now: datetime, code: str) -> Paper:
    """Sign a paper and send it: the clock of the side above starts under the rule in force today.

    Raises Refused without ``paper.issue`` at its unit, Problem where the signer drafted it, or it is out already.
    """
    with atomic():
        paper = locked(code)
        require_for(actor, "paper.issue", paper.unit)
        if paper.state not in (PaperState.DRAFT, PaperState.RETURNED) and actor.did(paper.issued_by_id):
            return paper
        require_untied(actor, paper.unit.path)
        require_other(actor, paper.drafted_by_id, said=Problem("Who drafted a paper does not sign it: ask the chair."))
        clock: dict[str, object] = {}
        if paper.kind == PaperKind.REQUEST:
            days, silence = _rule(paper, now)
            clock = {
                "days": days,
                "silence_consents": silence,
                "due": due(now, ANSWER_WITHIN.span(days), calendar_of(paper.unit.path, timezone.localdate(now))),
            }
        move_on(
            paper=paper,
            wanted=PaperState.ISSUED,
            actor=actor,
            now=now,
            unit=paper.unit,
            fields={
                "issued": now,
                "issued_by_id": actor.account_id,
                "holder": _holder(paper.unit, Addressee(paper.addressee)),
                "escalations": 0,
                **clock,
            },
        )
    return paper


def withdraw_paper(*, actor: Actor, now: datetime, code: str) -> Paper:
    """Give up a draft or a paper that was sent back. Withdrawing twice changes nothing.

    Raises Refused without ``paper.draft`` at its unit, Problem once it is out.
    """
    with atomic():
        paper = locked(code)
        require_for(actor, "paper.draft", paper.unit)
        if paper.state != PaperState.WITHDRAWN:
            move_on(paper=paper, wanted=PaperState.WITHDRAWN, actor=actor, now=now, unit=paper.unit)
    return paper


def _holder(unit: Unit, addressee: Addressee) -> Unit:
    if addressee != Addressee.UPPER:
        return unit
    if unit.parent is None:
        raise Problem("There is no unit above %(unit)s: choose its committee or its congress.", unit=unit.label)
    return unit.parent


def _rule(paper: Paper, now: datetime) -> tuple[int, bool]:
    """Days for the answer and whether silence means consent, as they are set today for the side that answers."""
    day = timezone.localdate(now)
    path = paper.holder.path
    if paper.matter == Matter.MOVE_CHAIR and paper.addressee == Addressee.UPPER:
        return value_of(ANSWER_WITHIN_CHAIR, path=path, on=day), value_of(CHAIR_SILENCE_CONSENTS, path=path, on=day)
    return value_of(ANSWER_WITHIN, path=path, on=day), False


def _check(*, kind: PaperKind, title: str, text: str, question: str, proposal: str) -> None:
    if not title.strip() or not text.strip():
        raise Problem("A paper needs a title and a text.")
    if kind == PaperKind.REPORT:
        if question or proposal:
            raise Problem("A report puts no question: file a request for instructions instead.")
        if asks_something(f"{title}\n{text}"):
            raise Problem(
                "This report asks something, and a report gets no answer.",
                hint="Take the question out, or file a request for instructions.",
            )
    else:
        if not question.strip():
            raise Problem("A request puts a question: say what the unit above is to decide.")
        if not proposal.strip():
            raise Problem("Say what you propose yourselves: a request comes with its own proposal.")
        if number_of_questions(question) > 1:
            raise Problem("One matter, one question: file a paper of its own for each.")
    require_clean({"title": title, "text": text, "question": question, "proposal": proposal}, landlines=False)
