"""Members take part: votes on statements, opinions."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import ANONYMOUS, Actor, require_member
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.decide.consultations.choices import Side
from qiao.decide.consultations.models import Clause, Consultation, Opinion, Statement, Vote
from qiao.decide.consultations.queries import consultation_by_code, voter_key
from qiao.decide.consultations.rules import likeness, mask, promised_day, takes_part
from qiao.decide.consultations.services.locks import shared

LONGEST = 4000
MOST_PER_PERSON = 100


def vote_statement(*, actor: Actor, now: datetime, statement_id: int, vote: int) -> None:
    """Agree (1), disagree (−1) or pass (0); voting again changes the vote.

    No audit row, no time and no person is written: they could be joined with the vote.
    Raises Refused unless the actor is a member of the unit, Problem where the consultation takes no votes now or the
    vote is none of the three, Statement.DoesNotExist.
    """
    statement = Statement.objects.select_related("consultation__unit").get(pk=statement_id)
    person_id = require_member(actor, statement.consultation.unit.path)
    if vote not in Side.values:
        raise Problem("A vote is agree, disagree or pass.")
    with atomic():
        consultation = shared(statement.consultation_id)
        _demand_open(consultation, now)
        if not Statement.objects.filter(pk=statement.pk, shown=True).exists():
            raise Problem("Moderation took this statement out of the vote: go on with the next.")
        # One statement, so that two browsers of one person at once leave one vote.
        Vote.objects.bulk_create(
            [Vote(statement=statement, voter=voter_key(consultation, person_id), value=vote)],
            update_conflicts=True,
            unique_fields=["statement", "voter"],
            update_fields=["value"],
        )


def submit_opinion(
    *, actor: Actor, now: datetime, code: str, clause_id: int | None, text: str, language: str, published: bool = True
) -> Receipt:
    """Give an opinion on a clause, or on the whole (``clause_id`` None); every opinion will be answered.

    What looks like personal data is hidden before anything is stored. The same words again on the same clause give
    the same receipt: a form sent twice is one opinion. ``published`` False keeps the words (not the answer) from the
    public page.

    Raises Refused unless the actor is a member of the unit, Problem for an empty or overlong text, a consultation
    that takes none now, or a clause that is not of the text in force.
    """
    person_id = require_member(actor, consultation_by_code(code).unit.path)
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Problem("Write your opinion.")
    if len(words) > LONGEST:
        raise Problem("Your opinion has %(length)d signs: shorten it to %(most)d.", length=len(words), most=LONGEST)
    kept, hidden = mask(words)
    with atomic():
        consultation = shared(consultation_by_code(code).pk)
        _demand_open(consultation, now)
        clause = _clause(consultation, clause_id)
        earlier = Opinion.objects.filter(consultation=consultation, person_id=person_id)
        opinion, new = Opinion.objects.get_or_create(
            consultation=consultation, clause=clause, person_id=person_id, likeness=likeness(kept),
            defaults={
                "text": kept, "hidden": hidden, "language": language if language in LANGUAGES else LANGUAGES[0],
                "published": published, "filed": localdate(now),
            },
        )  # fmt: skip
        if not new:
            return Receipt.objects.get(pk=opinion.receipt)
        if earlier.count() > MOST_PER_PERSON:
            raise Problem("You have given %(most)d opinions here: put further ones together.", most=MOST_PER_PERSON)
        receipt = give_receipt(
            kind="opinion", code=code, now=now, reference=str(opinion.pk), content=kept,
            promised=promised_day(consultation),
        )  # fmt: skip
        opinion.receipt = receipt.number
        opinion.save(update_fields=["receipt"])
        # Under nobody's name: who takes part is no officer's business; the author is known from the opinion.
        audit.record(
            actor=ANONYMOUS, now=now, action="opinion.submit", code=code, unit_path=consultation.unit.path,
            detail={"masked": hidden},
        )  # fmt: skip
    return receipt


def _demand_open(consultation: Consultation, now: datetime) -> None:
    if not takes_part(consultation.state, consultation.closes, now):
        raise Problem("This consultation takes no votes or opinions now.")


def _clause(consultation: Consultation, clause_id: int | None) -> Clause | None:
    if clause_id is None:
        return None
    clause = Clause.objects.filter(pk=clause_id, version__consultation=consultation).select_related("version").first()
    if clause is None:
        raise Problem("There is no such clause in this consultation.")
    if clause.version.number != consultation.version:
        raise Problem("The text was changed while you wrote: read the new version, then send your opinion.")
    return clause
