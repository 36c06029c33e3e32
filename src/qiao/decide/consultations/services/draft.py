"""Drafting a consultation, and changing its text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import (
    Clause,
    Consultation,
    ConsultedProposal,
    Statement,
    TextVersion,
)
from qiao.decide.consultations.queries import clauses_of, consultation_by_code
from qiao.decide.consultations.services.clock import set_due, take_rules
from qiao.decide.consultations.services.locks import held
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.decide.proposals.rules import concerns, is_open
from qiao.org.units.models import Unit

MOST_STATEMENTS = 60


def draft_consultation(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    question: Localized,
    clauses: Sequence[Localized],
    statements: Sequence[Localized],
    proposal_codes: Sequence[str],
    opens: datetime,
    closes: datetime,
) -> Consultation:
    """Draft a consultation; nobody but those who prepare it sees it before the notice.

    Raises Refused without ``consultation.run`` at the unit, Problem for missing texts, dates the wrong way round or
    proposals that are none, decided already or of another unit.
    """
    require(actor, "consultation.run", unit.path)
    codes = list(dict.fromkeys(proposal_codes))
    _check(title, question, clauses, statements, codes, opens, closes, unit)
    with atomic():
        consultation = Consultation(
            code=next_code("C"), unit=unit, title=title, question=question, opens=opens, closes=closes, drafted=now
        )
        take_rules(consultation, now)
        consultation.save()
        _fill(consultation, clauses, statements, codes, now)
        audit.record(actor=actor, now=now, action="consultation.draft", code=consultation.code, unit_path=unit.path)
    return consultation


def redraft_consultation(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    title: Localized,
    question: Localized,
    clauses: Sequence[Localized],
    statements: Sequence[Localized],
    proposal_codes: Sequence[str],
    opens: datetime,
    closes: datetime,
) -> Consultation:
    """Replace everything in a draft. Raises as `draft_consultation`, and Problem once it has been announced."""
    unit = consultation_by_code(code).unit
    require(actor, "consultation.run", unit.path)
    codes = list(dict.fromkeys(proposal_codes))
    _check(title, question, clauses, statements, codes, opens, closes, unit)
    with atomic():
        consultation = held(code)
        if consultation.state != S.DRAFT:
            raise Problem("The consultation has been announced: only its text may change, with a new full period.")
        consultation.title, consultation.question = title, question
        consultation.opens, consultation.closes = opens, closes
        consultation.save(update_fields=["title", "question", "opens", "closes", *take_rules(consultation, now)])
        for rows in (consultation.proposals, consultation.statements, consultation.versions):
            rows.all().delete()
        _fill(consultation, clauses, statements, codes, now)
        audit.record(actor=actor, now=now, action="consultation.redraft", code=code, unit_path=consultation.unit.path)
    return consultation


def revise_text(*, actor: Actor, now: datetime, code: str, clauses: Sequence[Localized]) -> Consultation:
    """Change the text after the notice: a new version stands beside the old, and the full period begins anew.

    Opinions already given stay on the version they were given on. The same text again changes nothing.
    Raises Refused without ``consultation.run`` there, Problem in a draft (redraft it) or after the close.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    _check_clauses(clauses)
    with atomic():
        consultation = held(code)
        if consultation.state not in (S.NOTICED, S.OPEN) or consultation.closes <= now:
            raise Problem("The text changes only between the notice and the close.")
        if [clause.text for clause in clauses_of(consultation)] == list(clauses):
            return consultation
        period = consultation.closes - consultation.opens
        consultation.version += 1
        if consultation.state == S.OPEN:
            consultation.closes = max(consultation.closes, now + period)
        consultation.save(update_fields=["version", "closes", *set_due(consultation, now)])
        version = _store_version(consultation, clauses, now)
        log.append(
            kind="consultation.text", code=code, now=now,
            content={
                "version": version.number, "sha256": version.sha256, "opens": consultation.opens.isoformat(),
                "closes": consultation.closes.isoformat(),
            },
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="consultation.revise", code=code, unit_path=consultation.unit.path,
            detail={"version": version.number, "closes": consultation.closes.isoformat()},
        )  # fmt: skip
    return consultation


def _fill(
    consultation: Consultation,
    clauses: Sequence[Localized],
    statements: Sequence[Localized],
    codes: Sequence[str],
    now: datetime,
) -> None:
    Statement.objects.bulk_create(
        [Statement(consultation=consultation, number=number, text=text) for number, text in enumerate(statements, 1)]
    )
    ConsultedProposal.objects.bulk_create(
        [ConsultedProposal(consultation=consultation, proposal_code=code) for code in codes]
    )
    _store_version(consultation, clauses, now)


def _store_version(consultation: Consultation, clauses: Sequence[Localized], now: datetime) -> TextVersion:
    version = TextVersion.objects.create(
        consultation=consultation, number=consultation.version, made=now, sha256=text_hash(clauses)
    )
    Clause.objects.bulk_create(
        [Clause(version=version, number=number, text=text) for number, text in enumerate(clauses, 1)]
    )
    return version


def text_hash(texts: Sequence[Localized]) -> str:
    """SHA-256 (hex) of the canonical JSON of numbered texts: anyone who has the text can hash it again."""
    content = log.canonical({"parts": [dict(text) for text in texts]})
    return hashlib.sha256(content.encode()).hexdigest()


def _check(
    title: Localized,
    question: Localized,
    clauses: Sequence[Localized],
    statements: Sequence[Localized],
    codes: Sequence[str],
    opens: datetime,
    closes: datetime,
    unit: Unit,
) -> None:
    if not title:
        raise Problem("The consultation needs a title.")
    if not question:
        raise Problem("Say what members are asked.")
    _check_clauses(clauses)
    if len(statements) > MOST_STATEMENTS:
        raise Problem("More than %(most)d statements: nobody answers so many.", most=MOST_STATEMENTS)
    if not all(statements):
        raise Problem("A statement is empty.")
    require_plausible(opens, closes)
    if closes <= opens:
        raise Problem("The consultation closes before it opens: change one of the dates.")
    known = {proposal.code: proposal for proposal in proposals_by_codes(codes)}
    for code in codes:
        if code not in known:
            raise Problem("%(code)s is no proposal: choose one from the board of proposals.", code=code)
        if not is_open(known[code].state):
            raise Problem("Proposal %(code)s has been decided: leave it out.", code=code)
        if not concerns(known[code].unit.path, unit.path):
            raise Problem("Proposal %(code)s belongs to another unit: leave it out.", code=code)


def _check_clauses(clauses: Sequence[Localized]) -> None:
    if not clauses:
        raise Problem("Paste the text: one clause per paragraph.")
    if not all(clauses):
        raise Problem("A clause is empty.")
