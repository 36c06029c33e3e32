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
from qiao.base.i18n import LANGUAGES, Localized
from qiao.base.ledger import log
from qiao.base.ledger.text import canonical
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
from qiao.decide.consultations.rules.matching import Known, fresh_keys, match_clauses
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
    labels: Sequence[str] = (),
) -> Consultation:
    """Draft a consultation; nobody but those who prepare it sees it before the notice.

    ``labels`` are the numbers the clauses bear in the paper they come from.

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
        _fill(consultation, clauses, labels, [""] * len(clauses), statements, codes, now)
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
    labels: Sequence[str] = (),
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
        before = clauses_of(consultation)
        if not labels and [clause.text for clause in before] == list(clauses):
            # The text is left as it stands: so are the numbers its clauses bear.
            labels = [clause.label for clause in before]
        keys = matched_keys(before, clauses, labels)
        for rows in (consultation.proposals, consultation.statements, consultation.versions):
            rows.all().delete()
        _fill(consultation, clauses, labels, keys, statements, codes, now)
        audit.record(actor=actor, now=now, action="consultation.redraft", code=code, unit_path=consultation.unit.path)
    return consultation


def redraft_text(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    clauses: Sequence[Localized],
    labels: Sequence[str] = (),
    keys: Sequence[str] | None = None,
) -> Consultation:
    """Replace the text of a draft, and nothing else. ``keys`` as in `revise_text`.

    Raises Refused without ``consultation.run`` there, Problem once it has been announced.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    _check_clauses(clauses)
    with atomic():
        consultation = held(code)
        if consultation.state != S.DRAFT:
            raise Problem("The consultation has been announced: only its text may change, with a new full period.")
        before = clauses_of(consultation)
        kept = _demand_keys(before, keys) if keys is not None else matched_keys(before, clauses, labels)
        consultation.versions.all().delete()
        _store_version(consultation, clauses, labels, kept, now, used=[clause.key for clause in before])
        audit.record(actor=actor, now=now, action="consultation.redraft", code=code, unit_path=consultation.unit.path)
    return consultation


def revise_text(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    clauses: Sequence[Localized],
    labels: Sequence[str] = (),
    keys: Sequence[str] | None = None,
) -> Consultation:
    """Change the text after the notice: a new version stands beside the old, and the full period begins anew.

    ``keys`` says for each clause which one of the version before it is, "" for none; without it they are matched
    (`rules.match_clauses`). Opinions already given stay on the version they were given on. The same text again changes
    nothing. Raises Refused without ``consultation.run`` there, Problem in a draft (redraft it), after the close, for an
    id that is not of the version before or stands twice.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    _check_clauses(clauses)
    with atomic():
        consultation = held(code)
        if consultation.state not in (S.NOTICED, S.OPEN) or consultation.closes <= now:
            raise Problem("The text changes only between the notice and the close.")
        before = clauses_of(consultation)
        if [clause.text for clause in before] == list(clauses):
            return consultation
        kept = _demand_keys(before, keys) if keys is not None else matched_keys(before, clauses, labels)
        consultation.version += 1
        if consultation.state == S.OPEN:
            # The period that was announced, not what earlier changes have made of it.
            period = consultation.full_period or consultation.closes - consultation.opens
            consultation.closes = max(consultation.closes, now + period)
        consultation.save(update_fields=["version", "closes", *set_due(consultation, now)])
        version = _store_version(consultation, clauses, labels, kept, now, used=used_keys(consultation))
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


def matched_keys(before: Sequence[Clause], clauses: Sequence[Localized], labels: Sequence[str] = ()) -> list[str]:
    """For each new clause the id of the one it is taken for, "" for a new one."""
    if not before:
        return [""] * len(clauses)
    old = [Known(clause.key, clause.label, _words(clause.text)) for clause in before]
    new = [(labels[place] if labels else "", _words(text)) for place, text in enumerate(clauses)]
    return [match.key for match in match_clauses(old, new)]


def used_keys(consultation: Consultation) -> list[str]:
    """Every id a clause of this consultation ever had."""
    return list(Clause.objects.filter(version__consultation=consultation).values_list("key", flat=True).distinct())


def _words(text: Localized) -> str:
    return "\n".join(text.get(code, "") for code in LANGUAGES)


def _demand_keys(before: Sequence[Clause], keys: Sequence[str]) -> list[str]:
    known = {clause.key: clause.number for clause in before}
    given: set[str] = set()
    for place, key in enumerate(keys, 1):
        if key and key not in known:
            raise Problem("Clause %(number)d: there is no clause of this id in the version before.", number=place)
        if key and key in given:
            raise Problem("Clause %(number)d: two clauses cannot both be clause %(old)d of the version before.",
                          number=place, old=known[key])  # fmt: skip
        given.add(key)
    return list(keys)


def _fill(
    consultation: Consultation,
    clauses: Sequence[Localized],
    labels: Sequence[str],
    keys: Sequence[str],
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
    _store_version(consultation, clauses, labels, keys, now, used=keys)


def _store_version(
    consultation: Consultation,
    clauses: Sequence[Localized],
    labels: Sequence[str],
    keys: Sequence[str],
    now: datetime,
    *,
    used: Sequence[str],
) -> TextVersion:
    version = TextVersion.objects.create(
        consultation=consultation, number=consultation.version, made=now, sha256=text_hash(clauses)
    )
    fresh = iter(fresh_keys(used, len(clauses)))
    Clause.objects.bulk_create(
        [
            Clause(
                version=version, number=number, text=text, key=keys[number - 1] or next(fresh),
                label=labels[number - 1] if labels else "",
            )
            for number, text in enumerate(clauses, 1)
        ]
    )  # fmt: skip
    return version


def text_hash(texts: Sequence[Localized]) -> str:
    """SHA-256 (hex) of the canonical JSON of numbered texts: anyone who has the text can hash it again."""
    content = canonical({"parts": [dict(text) for text in texts]})
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
