"""Single-use codes on paper: slips with number and code, given out once; the list of names has numbers only."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Max

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import ALPHABET, new_secret_code
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Delivery, Mode
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries.reaching import letters_needed
from qiao.hear.surveys.services.answers import code_hash
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.hear.surveys.services.rounds.marking import mark_mode
from qiao.org.people.models import Person


def link_code(survey: Round, invitation_id: int) -> str:
    """The code of one invitation for links: always the same, so that a reminder does not kill the first link.

    Twelve signs of an HMAC-SHA-256 under the installation's key; the database holds its keyed hash only.
    """
    key = hashlib.sha256(b"qiao.hear.surveys.links\0" + settings.SECRET_KEY.encode()).digest()
    value = int.from_bytes(hmac.digest(key, f"{survey.code}\n{invitation_id}".encode(), "sha256"), "big")
    signs = []
    for _ in range(12):
        value, place = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One slip: its number and its code. The code exists nowhere else, and no name stands beside it."""

    slip: int
    code: str


@dataclass(frozen=True, slots=True)
class NameLine:
    """One line of the list by which slips are handed out: number, name, union. No code."""

    slip: int
    name: str
    unit: str
    answered: bool


def make_code_sheet(*, actor: Actor, now: datetime, code: str, renew: bool = False) -> list[CodeLine]:
    """Make numbered slips for invited people whom no channel reaches, and return them, this once.

    Only keyed hashes are stored. ``renew`` is for lost slips: codes on paper not used yet become void and new ones are
    made. Raises Refused without ``round.draw`` at the unit, Problem when the slips were made already.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.draw", survey.unit.path)
        if not rules.may_make_codes(survey):
            raise Problem("Codes are made after the sample is drawn and until the round closes.")
        rows = letters_needed(survey)
        if renew:
            rows += list(
                Invitation.objects.filter(round=survey, answered=False, delivery=Delivery.LETTER).order_by("pk")
            )
        elif survey.codes_made and not rows:
            raise Problem("The slips were made already and are not kept. If they are lost, make new codes.")
        top = Invitation.objects.filter(round=survey).aggregate(top=Max("slip"))["top"] or 0
        lines: list[CodeLine] = []
        given = set()
        for row in rows:
            if row.slip is None:
                top += 1
                row.slip = top
            while (fresh := new_secret_code()) in given:
                pass
            given.add(fresh)
            lines.append(CodeLine(row.slip, fresh))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE surveys_invitation i SET code_hash = f.hash, slip = f.slip, delivery = 'letter' "
                "FROM unnest(%s::bigint[], %s::bytea[], %s::int[]) f(id, hash, slip) WHERE i.id = f.id",
                [[row.pk for row in rows], [code_hash(line.code) for line in lines], [line.slip for line in lines]],
            )
        mark_mode(survey, [row.pk for row in rows], Mode.PAPER)
        survey.codes_made, survey.drawn_by_id = now, survey.drawn_by_id or actor.account_id
        survey.save(update_fields=["codes_made", "drawn_by"])
        audit.record(
            actor=actor, now=now, action="round.codes", code=code, unit_path=survey.unit.path,
            detail={"codes": len(rows), "renewed": renew},
        )  # fmt: skip
    return sorted(lines, key=lambda line: line.slip)


def name_list(*, actor: Actor, now: datetime, code: str) -> list[NameLine]:
    """Whom each numbered slip is for, by union and number. Every look is written to the audit log.

    Raises Refused without ``round.draw`` at the unit, Problem before slips were made or after the close.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.draw", survey.unit.path)
        if not rules.may_make_codes(survey) or survey.codes_made is None:
            raise Problem("The list of names goes with slips: make them first.")
        rows = list(
            Invitation.objects.filter(round=survey, slip__isnull=False).values_list("person_id", "slip", "answered")
        )
        people = {
            pk: (name, label or "")
            for pk, name, label in Person.objects.filter(
                pk__in=[person for person, _slip, _answered in rows], memberships__until__isnull=True
            ).values_list("pk", "name", "memberships__unit__label")
        }
        audit.record(
            actor=actor, now=now, action="round.names", code=code, unit_path=survey.unit.path,
            detail={"names": len(rows)},
        )  # fmt: skip
    lines = [NameLine(slip or 0, *people.get(person or 0, ("", "")), answered) for person, slip, answered in rows]
    return sorted(lines, key=lambda line: (line.unit, line.slip))


def note_undeliverable(*, actor: Actor, now: datetime, code: str, slips: list[int]) -> int:
    """Note that these numbered slips came back; how many. They leave the base of the response rate.

    Who answered in the meantime stays counted. Raises Refused without ``round.draw``, Problem for an unknown number.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.draw", survey.unit.path)
        if not rules.may_make_codes(survey):
            raise Problem("What came back is noted while the round is open.")
        known = set(Invitation.objects.filter(round=survey, slip__in=slips).values_list("slip", flat=True))
        for slip in slips:
            if slip not in known:
                raise Problem("There is no slip number %(number)d in this round.", number=slip)
        noted = Invitation.objects.filter(round=survey, slip__in=slips, answered=False).exclude(
            delivery=Delivery.UNDELIVERABLE
        ).update(delivery=Delivery.UNDELIVERABLE)  # fmt: skip
        audit.record(
            actor=actor, now=now, action="round.undeliverable", code=code, unit_path=survey.unit.path,
            detail={"slips": noted},
        )  # fmt: skip
    return int(noted)
