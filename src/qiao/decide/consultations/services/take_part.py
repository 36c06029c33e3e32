"""Members take part: votes on statements, opinions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import ANONYMOUS, Actor, require_member
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.decide.consultations.choices import Channel, Side
from qiao.decide.consultations.models import Clause, Consultation, Opinion, Statement, Voice, Vote
from qiao.decide.consultations.queries import consultation_by_code, voter_key
from qiao.decide.consultations.rules import likeness, mask, promised_day, takes_part
from qiao.decide.consultations.services.locks import shared

LONGEST = 4000
MOST_PER_PERSON = 100


def vote_statement(
    *, actor: Actor, now: datetime, statement_id: int, vote: int, channel: Channel = Channel.ACCOUNT
) -> None:
    """Agree (1), disagree (−1) or pass (0); voting again, by whatever channel, changes the vote.

    What stood on paper was said before it is typed: it changes no vote that is there.

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
        voter = note_voice(consultation, person_id, channel)
        # One statement, so that two browsers of one person at once leave one vote.
        new = [Vote(statement=statement, voter=voter, value=vote)]
        if channel == Channel.PAPER:
            Vote.objects.bulk_create(new, ignore_conflicts=True)
        else:
            Vote.objects.bulk_create(
                new, update_conflicts=True, unique_fields=["statement", "voter"], update_fields=["value"]
            )


def submit_opinion(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    clause_id: int | None,
    text: str,
    language: str,
    published: bool = True,
    channel: Channel = Channel.ACCOUNT,
    evidence: str = "",
) -> Receipt:
    """Give an opinion on a clause, or on the whole (``clause_id`` None); every opinion will be answered.

    What looks like personal data is hidden before anything is stored. The same words again on the same clause give
    the same receipt: a form sent twice is one opinion. ``published`` False keeps the words (not the answer) from the
    public page. One person has one voice: whoever has spoken on a clause by one channel does not speak on it by
    another, before the first word is taken back (docs/algorithms/consultation.md).

    Raises Refused unless the actor is a member of the unit, SpokenAlready for a second channel, Problem for an empty or
    overlong text, a consultation that takes none now, or a clause that is not of the text in force.
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
        # The row of this voice is held: two channels of one person at once wait for each other.
        note_voice(consultation, person_id, channel)
        earlier = Opinion.objects.filter(consultation=consultation, person_id=person_id)
        _demand_one_channel(earlier, clause, channel, likeness(kept))
        opinion, new = Opinion.objects.get_or_create(
            consultation=consultation, clause=clause, person_id=person_id, likeness=likeness(kept),
            defaults={
                "text": kept, "hidden": hidden, "language": language if language in LANGUAGES else LANGUAGES[0],
                "published": published, "filed": localdate(now), "channel": channel, "evidence": evidence,
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


def note_voice(consultation: Consultation, person_id: int, channel: Channel) -> str:
    """Note that a person takes part, by this channel where it is the first, and hold the row; the mark of the votes."""
    voter = voter_key(consultation, person_id)
    Voice.objects.bulk_create([Voice(consultation=consultation, voter=voter, channel=channel)], ignore_conflicts=True)
    Voice.objects.select_for_update().get(consultation=consultation, voter=voter)
    return voter


class SpokenAlready(Problem):
    """The person has spoken on this clause by another channel."""


def _demand_one_channel(earlier: QuerySet[Opinion], clause: Clause | None, channel: Channel, words: str) -> None:
    """Refuse a second channel on one clause, whichever version it was said on; the same words again are no second."""
    same = earlier.filter(clause__key=clause.key) if clause else earlier.filter(clause=None)
    other = same.exclude(channel=channel).exclude(likeness=words).first()
    if other is not None:
        raise SpokenAlready(
            "This member has spoken on this point already, by another way (%(channel)s). One person has one voice: "
            "the first word is taken back before another way is used.",
            channel=str(Channel(other.channel).label),
        )


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
