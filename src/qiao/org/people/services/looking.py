"""Looking at what is sensitive: with a typed reason, logged, and shown to the person looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.i18n import Localized, pick
from qiao.base.problems import Problem
from qiao.org.people.choices import ConsentKind
from qiao.org.people.models import Contact, IdentityCheck, Look, Person
from qiao.org.people.queries import contacts_of, has_consent, persons_by_contact, persons_by_identity
from qiao.org.people.queries.homes import Home, homes_of
from qiao.org.people.rules.offices import role_name
from qiao.org.people.services.keeping import path_of
from qiao.org.units.models import Unit

LOOK = "contact.look"
#: A reason shorter than this says nothing.
SHORTEST_REASON = 4
LONGEST_REASON = 300


def look(
    *, actor: Actor, now: datetime, person: Person, record: str, reason: str, action: str = LOOK, unit_path: str = ""
) -> Look:
    """Log one look at a record of a person (a key of `rules.records`), so that the person sees it.

    Allowed with ``action`` at the person's unit, or anywhere where the person lets other units look. Raises Refused
    otherwise, Problem without a reason in words.
    """
    reason = _reason(reason)
    path = path_of(person.pk, unit_path)
    if not _may_look(actor, action, person.pk, path):
        raise Refused(f"{action} is not yours here")
    with atomic():
        return _log(actor, now, person.pk, record, reason, path, action)


def note_look(*, actor: Actor, now: datetime, person: Person, record: str, action: str, unit_path: str) -> Look:
    """Log a look that role and unit allow without a typed reason (the internal list of members, handbook P4).

    Shown to the person like every other. Asks for no permission: the service that shows has asked for ``action``.
    """
    with atomic():
        return _log(actor, now, person.pk, record, "", unit_path, action)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an officer sees after giving a reason."""

    contacts: tuple[Contact, ...]
    identity: IdentityCheck | None


def look_at_contacts(*, actor: Actor, now: datetime, person: Person, reason: str) -> Shown:
    """A person's contacts and how it was checked who they are, logged. Raises as `look`."""
    with atomic():
        look(actor=actor, now=now, person=person, record="contact", reason=reason)
        return Shown(tuple(contacts_of(person.pk)), IdentityCheck.objects.filter(person=person).first())


@dataclass(frozen=True, slots=True)
class Found:
    """One person found by number or address."""

    person: Person
    home: Home | None


def find_persons(*, actor: Actor, now: datetime, by: str, value: str, reason: str) -> list[Found]:
    """Persons by contact (``by`` "mobile" or "mail") or identity number ("identity"), each find logged and shown.

    Only those of the actor's units are given, and those who let other units look. That somebody else has the number
    is not told. Raises Refused without ``contact.look`` anywhere, Problem without a reason or for what is no number.
    """
    if not actor.may(LOOK):
        raise Refused(f"{LOOK} is not yours")
    reason = _reason(reason)
    ids = persons_by_identity(value) if by == "identity" else persons_by_contact(by, value)
    homes = homes_of(ids)
    found = []
    with atomic():
        for person in Person.objects.filter(pk__in=ids).order_by("pk"):
            home = homes.get(person.pk)
            path = home.path if home else path_of(person.pk)
            if not _may_look(actor, LOOK, person.pk, path):
                continue
            _log(actor, now, person.pk, "contact.search", reason, path, LOOK)
            found.append(Found(person, home))
        audit.record(actor=actor, now=now, action="contact.search", detail={"by": by, "found": len(found)})
    return found


def _may_look(actor: Actor, action: str, person_id: int, path: str) -> bool:
    """With the right at the person's unit; with it elsewhere only where the person lets other units look."""
    if actor.may(action, path):
        return True
    return actor.may(action) and has_consent(person_id, ConsentKind.SEE_BY_OTHER_UNIT)


def _log(actor: Actor, now: datetime, person_id: int, record: str, reason: str, path: str, action: str) -> Look:
    made = Look.objects.create(
        person_id=person_id, at=now, account_id=actor.account_id, looker=actor.name or "system",
        office=_office(actor, action, path), unit_path=path, record=record, reason=reason,
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="person.look", unit_path=path, detail={"person": person_id, "record": record}
    )
    return made


def _office(actor: Actor, action: str, path: str) -> Localized:
    """The office in which somebody looks: the role that allows it, nearest to the person, and its unit."""
    grants = [grant for grant in actor.grants if action in grant.actions]
    reaching = [grant for grant in grants if grant.reaches(path)] or grants
    if not reaching:
        return {}
    grant = max(reaching, key=lambda one: len(one.path))
    unit = Unit.objects.filter(pk=grant.unit_id).first()
    return {
        language: f"{pick(unit.name, language)} · {name}" if unit else name
        for language, name in role_name(grant.role).items()
    }


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Problem("Write why you look: the person will read it.")
    return reason[:LONGEST_REASON]
