"""Contacts: given, corrected, shown to be theirs by a code, marked where they reach nobody, taken away."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import audit, jobs, vault
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.people.choices import ContactKind, ContactState, Source
from qiao.org.people.models import Contact, Person
from qiao.org.people.queries.contacts import contact_print
from qiao.org.people.rules import normal_contact
from qiao.org.people.services.carriers import send_to
from qiao.org.people.services.keeping import require_keeping

CODE_HOLDS = timedelta(minutes=10)
CODE_TRIES = 5
#: Between two codes to one contact.
CODE_PAUSE = timedelta(minutes=1)


def set_contact(
    *,
    actor: Actor,
    now: datetime,
    person: Person,
    kind: str,
    value: str,
    source: str = "",
    unit_path: str = "",
    confirmed: bool = False,
) -> Contact:
    """Set or correct one contact of a person; the same one again changes nothing.

    ``unit_path`` names the unit that asks while the person has no standing yet. ``confirmed`` only where the caller
    has seen that it reaches the person (a code came back). Raises Refused for anybody but the person, the system and
    officers with ``person.keep``; Problem for what is no contact.
    """
    path = require_keeping(actor, person.pk, unit_path)
    normal = normal_contact(ContactKind(kind), value)
    own = actor.person_id == person.pk
    state = ContactState.CONFIRMED if confirmed else ContactState.UNCONFIRMED
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        contact = Contact.objects.filter(person=person, kind=kind).first()
        known = contact is not None and contact.state != ContactState.STALE and _same(contact, normal)
        if contact is not None and known and (not confirmed or contact.state == ContactState.CONFIRMED):
            return contact
        contact = contact or Contact(person=person, kind=kind)
        contact.value, contact.found_by, contact.state = normal, contact_print(kind, normal), state
        contact.source = source or (Source.SELF if own else Source.OFFICER)
        contact.entered = localdate(now)
        contact.checked = localdate(now) if own or confirmed else None
        contact.code, contact.code_until, contact.code_tries = None, None, 0
        contact.save()
        audit.record(
            actor=actor, now=now, action="contact.set", unit_path=path, detail={"person": person.pk, "kind": kind}
        )
    return contact


def add_contacts(
    *, actor: Actor, now: datetime, rows: Sequence[tuple[int, str, str]], unit_path: str, source: str = Source.IMPORT
) -> int:
    """Contacts for many persons at once (person id, kind, value): who has one of the kind already keeps it.

    How many were added. Raises Refused without ``person.keep`` at the unit, Problem for the first that is no contact:
    check them before.
    """
    require(actor, "person.keep", unit_path)
    day = localdate(now)
    given: dict[tuple[int, str], str] = {}
    for person_id, kind, value in rows:
        given.setdefault((person_id, kind), normal_contact(ContactKind(kind), value))
    with atomic():
        theirs = Contact.objects.filter(person_id__in={person_id for person_id, _kind in given})
        before = theirs.count()
        Contact.objects.bulk_create(
            [
                Contact(
                    person_id=person_id,
                    kind=kind,
                    value=value,
                    found_by=contact_print(kind, value),
                    source=source,
                    entered=day,
                )
                for (person_id, kind), value in given.items()
            ],
            batch_size=2_000,
            ignore_conflicts=True,
        )
        added = theirs.count() - before
        audit.record(actor=actor, now=now, action="contact.add", unit_path=unit_path, detail={"added": added})
    return added


def drop_contact(*, actor: Actor, now: datetime, person: Person, kind: str) -> None:
    """Take a contact away for good; none there changes nothing. Raises Refused as `set_contact`."""
    path = require_keeping(actor, person.pk)
    with atomic():
        gone, _rows = Contact.objects.filter(person=person, kind=kind).delete()
        if gone:
            audit.record(
                actor=actor, now=now, action="contact.drop", unit_path=path, detail={"person": person.pk, "kind": kind}
            )


def mark_stale(*, actor: Actor, now: datetime, person: Person, kind: str) -> None:
    """Mark that a contact reaches nobody; it is used no more until somebody corrects it.

    Raises Refused as `set_contact`.
    """
    path = require_keeping(actor, person.pk)
    with atomic():
        marked = Contact.objects.filter(person=person, kind=kind).exclude(state=ContactState.STALE)
        if marked.update(state=ContactState.STALE, code=None, code_until=None):
            audit.record(
                actor=actor, now=now, action="contact.stale", unit_path=path, detail={"person": person.pk, "kind": kind}
            )


def ask_code(*, actor: Actor, now: datetime, kind: str) -> None:
    """Have a code sent to one's own contact; asked twice within a minute, the first stands.

    Raises Refused without a person behind the account, Problem without such a contact.
    """
    with atomic():
        contact = _own(actor, kind)
        if contact.code_until and contact.code_until - CODE_HOLDS + CODE_PAUSE > now:
            return
        contact.code, contact.code_until, contact.code_tries = f"{secrets.randbelow(10**6):06}", now + CODE_HOLDS, 0
        contact.save(update_fields=["code", "code_until", "code_tries"])
        audit.record(actor=actor, now=now, action="contact.code", detail={"person": contact.person_id, "kind": kind})
        jobs.defer("people.send_code", contact_id=contact.pk)


def send_code(*, actor: Actor, now: datetime, contact_id: int) -> None:
    """Send the code that waits for a contact; a code that has ended, or a contact that is gone, sends nothing.

    Raises Refused for anybody but the system; NotCarried where the channel does not take it.
    """
    require(actor, "people.carry")
    contact = Contact.objects.select_related("person").filter(pk=contact_id).first()
    if contact is None or contact.code is None or contact.code_until is None or contact.code_until < now:
        return
    with override(contact.person.language):
        subject = _("Your confirmation code")
        text = _("Your code is %(code)s. It holds for ten minutes. Nobody of the union will ever ask you for it.") % {
            "code": contact.code
        }
    send_to(contact.kind, contact.value, subject, text)


def confirm_contact(*, actor: Actor, now: datetime, kind: str, code: str) -> bool:
    """Show by the code that a contact is one's own; False for a wrong code, which may be missed five times.

    Raises Refused without a person, Problem where no code waits any more.
    """
    signs = "".join(sign for sign in code if sign.isdigit())
    with atomic():
        contact = _own(actor, kind)
        if contact.state == ContactState.CONFIRMED and contact.code is None:
            return True
        if contact.code is None or contact.code_until is None or contact.code_until < now:
            raise Problem("No code is waiting: ask for a new one.")
        if contact.code_tries >= CODE_TRIES:
            raise Problem("The code was missed five times: ask for a new one.")
        if not hmac.compare_digest(contact.code.encode(), _plain_digits(signs).encode()):
            contact.code_tries += 1
            contact.save(update_fields=["code_tries"])
            return False
        contact.state, contact.checked = ContactState.CONFIRMED, localdate(now)
        contact.code, contact.code_until, contact.code_tries = None, None, 0
        contact.save(update_fields=["state", "checked", "code", "code_until", "code_tries"])
        audit.record(actor=actor, now=now, action="contact.confirm", detail={"person": actor.person_id, "kind": kind})
    return True


def _own(actor: Actor, kind: str) -> Contact:
    if actor.person_id is None:
        require(actor, "person.keep")
        raise Problem("You have given no such contact.")
    contact = Contact.objects.select_for_update().filter(person_id=actor.person_id, kind=kind).first()
    if contact is None:
        raise Problem("You have given no such contact.")
    return contact


def _same(contact: Contact, normal: str) -> bool:
    try:
        return bool(contact.value == normal)
    except vault.WillNotOpen:
        return False


def _plain_digits(signs: str) -> str:
    """Full-width digits as plain ones."""
    return "".join(str(int(sign)) for sign in signs)
