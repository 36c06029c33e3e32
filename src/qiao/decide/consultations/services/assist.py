"""Assisted entry (mechanism S6): an officer writes what a member says; the member's word is on record."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import Channel, Word
from qiao.decide.consultations.models import Consultation, Slip
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.queries.channels import may_enter
from qiao.decide.consultations.rules import takes_part
from qiao.decide.consultations.services.channels import Handed, Said, as_member, hand_in
from qiao.decide.consultations.services.slips import slip_of
from qiao.org.people.choices import ContactKind
from qiao.org.people.queries import persons_by_contact
from qiao.org.people.services.telling import tell


def speak_for(
    *, actor: Actor, now: datetime, code: str, word: str, typed_code: str, mobile: str, evidence: str, said: Said
) -> Handed:
    """Hand a sheet in for a member who told it; the member's word is a code, a signature or a call.

    With the code the member is known by it, and it is spent; else by the number in the register, and ``evidence`` says
    where the signed sheet lies or when the call was. The member is told and may take it back.

    Raises Refused without ``consultation.enter`` for the member's unit, Problem for somebody unknown, oneself, a code
    that was used, missing evidence, and as `channels.hand_in`.
    """
    consultation = consultation_by_code(code)
    if not may_enter(actor, consultation):
        raise Refused("consultation.enter is not yours here")
    if not takes_part(consultation.state, consultation.closes, now):
        raise Problem("This consultation takes no votes or opinions now.")
    if word not in Word.values:
        raise Problem("Say how the member confirmed it.")
    number = " ".join(evidence.split())[:60]
    if word != Word.CODE and not number:
        raise Problem("Write the number of the signed sheet, or the day and hour of the call.")
    with atomic():
        person_id, slip = _found(consultation, word, typed_code, mobile)
        if actor.concerns(person_id):
            raise Problem("For yourself you take part under your own account.")
        path = as_member(consultation, person_id).member_paths[0]
        if not actor.may("consultation.enter", path):
            raise Refused("this member belongs to another unit")
        handed = hand_in(
            now=now, consultation=consultation, person_id=person_id, channel=Channel.ASSISTED, said=said,
            evidence=f"{word} {number}".strip(),
        )  # fmt: skip
        if slip is not None:
            slip.spent = True
            slip.save(update_fields=["spent"])
        audit.record(
            actor=actor, now=now, action="consultation.assist", code=code, unit_path=path,
            detail={"word": word, "evidence": number, "receipts": list(handed.receipts)},
        )  # fmt: skip
        tell(
            now=now, person_id=person_id, url=f"/decide/consultations/{code}/",
            subject=in_every_language(noop("Written for you: %(title)s"), title=consultation.title),
            text=in_every_language(
                noop(
                    "An officer of your union wrote down what you said. Receipts: %(receipts)s. "
                    "If it is not what you said, take it back on the platform or tell your union."
                ),
                receipts=", ".join(handed.receipts),
            ),
        )  # fmt: skip
    return handed


def _found(consultation: Consultation, word: str, typed_code: str, mobile: str) -> tuple[int, Slip | None]:
    """Whom the helper writes for, and the code that is spent by it."""
    if word == Word.CODE:
        slip = slip_of(typed_code)
        if slip is None or slip.consultation_id != consultation.pk:
            raise Problem("This code was not given in this consultation.", hint="Compare with the sheet of paper.")
        slip = Slip.objects.select_for_update(of=("self",)).get(pk=slip.pk)
        if slip.spent:
            raise Problem("This code has been used already. If it was not by you, tell your union.")
        return slip.person_id, slip
    people = persons_by_contact(ContactKind.MOBILE, mobile)
    if len(people) != 1:
        raise Problem("The register knows nobody, or more than one, by this number.")
    return people[0], None
