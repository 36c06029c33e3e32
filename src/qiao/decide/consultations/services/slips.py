"""Codes by which people take part without an account: printed, sent, or asked for by telephone number."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import SYSTEM, Actor, require
from qiao.base.codes import new_secret_code, normal_secret_code
from qiao.base.db import atomic
from qiao.base.i18n import in_every_language
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import Channel, SlipWay
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, Slip
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.rules import takes_part
from qiao.decide.consultations.services.channels import Handed, Said, as_member, code_hash, hand_in, receipts_again
from qiao.decide.consultations.services.locks import held
from qiao.org.people.choices import ContactKind, ContactState
from qiao.org.people.models import Account, Contact, Person
from qiao.org.people.queries import members_under, persons_by_contact
from qiao.org.people.services.carriers import NotCarried, send_to
from qiao.org.people.services.telling import tell
from qiao.org.units.models import Unit

#: So many sheets are printed at once; a larger union prints by its units.
MOST_SLIPS = 2_000
#: A code sent to a telephone holds so long, and for so many tries.
HOLDS = timedelta(minutes=10)
TRIES = 5


class CodeUsed(Problem):
    """The code has spoken already."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One sheet: its number and its code. The code exists nowhere else, and no name stands beside it."""

    number: int
    code: str


def without_account(path: str) -> list[int]:
    """Members of the subtree who cannot sign in, by id."""
    signed = set(Account.objects.filter(is_active=True, person__isnull=False).values_list("person_id", flat=True))
    return [person for person in members_under(path) if person not in signed]


def make_slips(*, actor: Actor, now: datetime, code: str, unit: Unit, renew: bool = False) -> list[SlipLine]:
    """Make numbered sheets with codes for members of a unit who have no account, and return them, this once.

    Only keyed hashes are kept. ``renew`` is for lost sheets: codes not used yet become void and new ones are made.
    Raises Refused without ``consultation.run`` there, Problem before the notice, after the close, for a unit outside,
    too many sheets at once, or where all were made already.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        _demand_codes(consultation, now)
        if not unit.path.startswith(consultation.unit.path):
            raise Problem("This unit is not asked in this consultation.")
        known = {
            slip.person_id: slip
            for slip in Slip.objects.filter(consultation=consultation, way=SlipWay.PRINTED).select_for_update()
        }
        chosen = [
            person
            for person in without_account(unit.path)
            if person not in known or (renew and not known[person].spent)
        ]
        if not chosen:
            raise Problem("Every member here has an account, or a sheet was made for them already.")
        if len(chosen) > MOST_SLIPS:
            raise Problem("%(number)d sheets are too many at once: choose a unit further down.", number=len(chosen))
        top = max((slip.number or 0 for slip in known.values()), default=0)
        lines = []
        for person in chosen:
            slip = known.get(person) or Slip(consultation=consultation, person_id=person, way=SlipWay.PRINTED)
            if slip.number is None:
                top += 1
                slip.number = top
            fresh = new_secret_code()
            slip.code_hash = code_hash(fresh)
            slip.save()
            lines.append(SlipLine(slip.number, fresh))
        audit.record(
            actor=actor, now=now, action="consultation.codes", code=code, unit_path=unit.path,
            detail={"codes": len(lines), "renewed": renew},
        )  # fmt: skip
    return sorted(lines, key=lambda line: line.number)


@dataclass(frozen=True, slots=True)
class NameLine:
    """One line of the list by which sheets are handed out: number, name, unit. No code."""

    number: int
    name: str
    unit: str


def name_list(*, actor: Actor, now: datetime, code: str) -> list[NameLine]:
    """Whom each numbered sheet is for. Every look is written down. Raises Refused without ``consultation.run``."""
    consultation = consultation_by_code(code)
    require(actor, "consultation.run", consultation.unit.path)
    with atomic():
        rows = Slip.objects.filter(consultation=consultation, way=SlipWay.PRINTED).order_by("number")
        numbers = dict(rows.values_list("person_id", "number"))
        people = Person.objects.filter(pk__in=numbers, memberships__until__isnull=True).values_list(
            "pk", "name", "memberships__unit__label"
        )
        audit.record(
            actor=actor, now=now, action="consultation.names", code=code, unit_path=consultation.unit.path,
            detail={"names": len(numbers)},
        )  # fmt: skip
    return sorted(
        (NameLine(numbers[pk] or 0, name, label or "") for pk, name, label in people),
        key=lambda line: (line.unit, line.number),
    )


def send_slips(*, actor: Actor, now: datetime, code: str, unit: Unit) -> int:
    """Have a link with a code sent to members without an account who agreed to mail or SMS; how many now.

    Who has one already gets none again. Raises as `make_slips`.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        _demand_codes(consultation, now)
        if not unit.path.startswith(consultation.unit.path):
            raise Problem("This unit is not asked in this consultation.")
        sent = set(Slip.objects.filter(consultation=consultation, way=SlipWay.SENT).values_list("person_id", flat=True))
        reachable = set(
            Contact.objects.exclude(state=ContactState.STALE).values_list("person_id", flat=True).distinct()
        )
        chosen = [person for person in without_account(unit.path) if person not in sent and person in reachable]
        made = Slip.objects.bulk_create(
            [Slip(consultation=consultation, person_id=person, way=SlipWay.SENT) for person in chosen]
        )
        for slip in made:
            jobs.defer("consultations.send_slip", slip_id=slip.pk)
        audit.record(
            actor=actor, now=now, action="consultation.send_codes", code=code, unit_path=unit.path,
            detail={"codes": len(made)},
        )  # fmt: skip
    return len(made)


def send_slip(*, actor: Actor, now: datetime, slip_id: int) -> bool:
    """Make the code of one link and send it by the channels its person agreed to; twice sends one. For the job."""
    require(actor, "people.carry")
    with atomic():
        slip = Slip.objects.select_for_update(of=("self",)).select_related("consultation").filter(pk=slip_id).first()
        if slip is None or slip.code_hash is not None or slip.way != SlipWay.SENT:
            return False
        fresh = new_secret_code()
        slip.code_hash = code_hash(fresh)
        slip.save(update_fields=["code_hash"])
        tell(
            now=now, person_id=slip.person_id, once=f"consultation slip {slip.pk}",
            subject=in_every_language(noop("Your say: %(title)s"), title=slip.consultation.title),
            text=in_every_language(
                noop("Take part without signing in. Your code, for you alone and for one time: %(code)s"),
                code=fresh,
            ),
            # Without the code: an address is kept as it is, the text sealed.
            url="/decide/consultations/code/",
        )  # fmt: skip
    return True


def slip_of(code: str) -> Slip | None:
    """The slip behind a typed code, its consultation loaded; None where there is none."""
    if not normal_secret_code(code):
        return None
    found = Slip.objects.exclude(way=SlipWay.PHONE).filter(code_hash=code_hash(code))
    return found.select_related("consultation__unit").first()


def speak_with_code(*, now: datetime, typed: str, said: Said) -> Handed:
    """Hand a sheet in with a single-use code: the code has then spoken. The same sheet again has the same receipts.

    Raises CodeUsed for another sheet with it, Problem for an unknown code, and as `channels.hand_in`.
    """
    with atomic():
        slip = slip_of(typed)
        if slip is None:
            raise Problem("No open consultation has this code. Compare it sign by sign with your sheet.")
        return _speak(slip.pk, now, Channel.CODE, said)


def ask_phone_code(*, now: datetime, code: str, number: str) -> int:
    """Have a code sent to a number of the register; the slip it belongs to, 0 where it is nobody's who is asked.

    The page says the same for both. A number two persons share is nobody's. Raises Problem for what is no number.
    """
    people = persons_by_contact(ContactKind.MOBILE, number)
    with atomic():
        consultation = consultation_by_code(code)
        contact = (
            Contact.objects.filter(person_id=people[0], kind=ContactKind.MOBILE)
            .exclude(state=ContactState.STALE)
            .first()
            if len(people) == 1
            else None
        )
        if contact is None or not takes_part(consultation.state, consultation.closes, now):
            return 0
        try:
            as_member(consultation, contact.person_id)
        except Problem:
            return 0
        slip, _new = Slip.objects.get_or_create(
            consultation=consultation, person_id=contact.person_id, way=SlipWay.PHONE
        )
        jobs.defer("consultations.send_phone_code", slip_id=slip.pk)
    return slip.pk


def send_phone_code(*, actor: Actor, now: datetime, slip_id: int) -> None:
    """Make a six-figure code and send it to the person's number. For the job; raises Refused but for the system."""
    require(actor, "people.carry")
    with atomic():
        slip = Slip.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=slip_id)
        contact = Contact.objects.filter(person_id=slip.person_id, kind=ContactKind.MOBILE).first()
        if contact is None or slip.way != SlipWay.PHONE:
            return
        fresh = f"{secrets.randbelow(1_000_000):06d}"
        slip.code_hash, slip.until, slip.tries = _phone_hash(slip, fresh), now + HOLDS, 0
        slip.save(update_fields=["code_hash", "until", "tries"])
        subject = in_every_language(noop("Code for the consultation"))
        text = in_every_language(noop("Your code for “%(title)s”: %(code)s. It holds for ten minutes."),
                                 title=slip.consultation.title, code=fresh)  # fmt: skip
        language = contact.person.language
        # Last, so that what cannot be carried leaves no code behind; the member asks again.
        try:
            send_to(ContactKind.MOBILE, str(contact.value), subject[language], text[language])
        except NotCarried:
            slip.code_hash, slip.until = None, None
            slip.save(update_fields=["code_hash", "until"])


def confirm_phone_code(*, now: datetime, slip_id: int, typed: str) -> bool:
    """Whether this is the code that was sent; each try counts, and a right one is used up."""
    with atomic():
        slip = Slip.objects.select_for_update().filter(pk=slip_id, way=SlipWay.PHONE).first()
        if slip is None or slip.code_hash is None or slip.until is None or slip.until < now or slip.tries >= TRIES:
            return False
        slip.tries += 1
        right = hmac.compare_digest(bytes(slip.code_hash), _phone_hash(slip, typed))
        if right:
            slip.code_hash, slip.until = None, None
        slip.save(update_fields=["tries", "code_hash", "until"])
    return right


def speak_by_phone(*, now: datetime, slip_id: int, said: Said) -> Handed:
    """Hand a sheet in after a code sent to the telephone came back. Raises as `speak_with_code`."""
    with atomic():
        return _speak(slip_id, now, Channel.PHONE, said)


def _speak(slip_id: int, now: datetime, channel: Channel, said: Said) -> Handed:
    slip = Slip.objects.select_for_update(of=("self",)).filter(pk=slip_id).first()
    if slip is None:
        raise Problem("This consultation takes no votes or opinions now.")
    consultation = consultation_by_code(slip.consultation.code)
    if slip.spent and channel == Channel.CODE:
        again = receipts_again(consultation, slip.person_id, said)
        if again is None:
            raise CodeUsed("This code has been used already. If it was not by you, tell your union.")
        return again
    handed = hand_in(now=now, consultation=consultation, person_id=slip.person_id, channel=channel, said=said)
    slip.spent = True
    slip.save(update_fields=["spent"])
    audit.record(
        actor=SYSTEM, now=now, action="consultation.code_used", code=consultation.code,
        unit_path=consultation.unit.path, detail={"way": slip.way},
    )  # fmt: skip
    return handed


def _phone_hash(slip: Slip, code: str) -> bytes:
    return code_hash(f"{slip.pk}X{normal_secret_code(code)}")


def _demand_codes(consultation: Consultation, now: datetime) -> None:
    if consultation.state not in (S.NOTICED, S.OPEN) or consultation.closes <= now:
        raise Problem("Codes are made between the notice and the close.")
