"""Signing in by a code sent to a mobile number. The number goes neither into the session nor into the queue."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.org.people.choices import ContactState
from qiao.org.people.models import Account, Contact
from qiao.org.people.queries.signing_in import account_behind, contact_to_sign_in
from qiao.org.people.services.accounts import open_account_by_number
from qiao.org.people.services.contacts import CODE_HOLDS


def way_in(*, actor: Actor, now: datetime, number: str) -> tuple[Account, int] | None:
    """The account a mobile number signs in, with the number of the contact; None where it signs in nobody.

    Whoever of the register has shown a number to be theirs and has no account gets one. Raises Refused for anybody but
    the system, Problem for what is no number.
    """
    require(actor, "people.carry")
    contact = contact_to_sign_in(number)
    if contact is None:
        return None
    account = account_behind(contact) or open_account_by_number(actor=actor, now=now, person=contact.person)
    return account, contact.pk


def send_sign_in_code(*, actor: Actor, now: datetime, contact_id: int, code: str) -> None:
    """Have this code sent to a contact by a job; 0 sends nothing, with as much work for the page that asked.

    Raises Refused for anybody but the system.
    """
    require(actor, "people.carry")
    with atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is not None:
            contact.code, contact.code_until, contact.code_tries = code, now + CODE_HOLDS, 0
            contact.save(update_fields=["code", "code_until", "code_tries"])
        jobs.defer("people.send_code", contact_id=contact_id)


def code_came_back(*, actor: Actor, now: datetime, contact_id: int) -> None:
    """A contact has signed its person in: it is theirs, and the code is used up. Raises Refused but for the system."""
    require(actor, "people.carry")
    with atomic():
        contact = Contact.objects.select_for_update().get(pk=contact_id)
        first = contact.state != ContactState.CONFIRMED
        contact.state, contact.checked = ContactState.CONFIRMED, localdate(now)
        contact.code, contact.code_until, contact.code_tries = None, None, 0
        contact.save(update_fields=["state", "checked", "code", "code_until", "code_tries"])
        if first:
            audit.record(
                actor=actor, now=now, action="contact.confirm",
                detail={"person": contact.person_id, "kind": contact.kind},
            )  # fmt: skip
