"""Handing in: by the worker, or entered for a worker who confirms it (handbook S6)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from qiao.base import jobs, vault
from qiao.base.access import Actor, require
from qiao.base.codes import new_secret_code, next_code, normal_secret_code
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.joining.choices import AgencySide, ContactKind, State
from qiao.org.joining.models import CONTACT, IDENTITY, Application
from qiao.org.joining.queries.routing import Route, route
from qiao.org.joining.rules import clean_contact, clean_identity, is_staff_list
from qiao.org.joining.services import records
from qiao.org.membership.choices import Confirmation, Employment
from qiao.org.membership.rules import clean_name
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer

#: Consents of a joining worker; without the first there is no application (handbook P6).
JOIN = "join"
IDENTITY_CHECK = "identity_check"


@dataclass(frozen=True, slots=True)
class Given:
    """What a worker wrote. There is no other field, and none can be added (handbook P2)."""

    nonce: str
    name: str
    employment: Employment
    contact: str = ""
    agency_side: str = ""
    employer: Employer | None = None
    employer_written: str = ""
    place: Unit | None = None
    at: Unit | None = None
    bypass: bool = False
    identity_number: str = ""
    consents: Sequence[str] = field(default=())
    language: str = LANGUAGES[0]


def submit_application(*, actor: Actor, now: datetime, given: Given) -> Application:
    """Hand in one's own application; the same form sent twice is one application, with one receipt.

    Raises Problem for what cannot be kept: no consent, a bad name, contact or number, nobody to take it.
    """
    return _hand_in(actor, now, given, entered_by=None, how=Confirmation.OWN)


def enter_application(*, actor: Actor, now: datetime, given: Given, at: Unit, how: Confirmation) -> Application:
    """Enter a worker's application at a counter or from paper; by ``how`` the worker has confirmed or is yet to.

    By code: a code goes to the worker's contact and nothing happens until it comes back.

    Raises Refused without ``joining.assist`` at the unit, Problem as `submit_application`.
    """
    require(actor, "joining.assist", at.path)
    if how == Confirmation.OWN:
        raise Problem("Say how the worker has confirmed: by code, by signature or by telephone.")
    return _hand_in(actor, now, given, entered_by=actor.account_id, how=how)


def confirm_application(*, actor: Actor, now: datetime, receipt: str, code: str) -> Application:
    """The worker's own word by the code that was sent; saying it twice changes nothing.

    Raises Application.DoesNotExist for no such receipt, Problem for a wrong code.
    """
    with atomic():
        application = Application.objects.select_for_update(of=("self",)).select_related("unit").get(receipt=receipt)
        if application.state != State.UNCONFIRMED:
            return application
        if not application.confirm_code or _digest(application.receipt, code) != application.confirm_code:
            raise Problem("This is not the code that was sent. Look at the message again.")
        application.state, application.confirmed_how = State.APPLIED, Confirmation.CODE
        application.confirm_code = ""
        application.applied = now
        application.due, application.rule = records.clock(application.unit, now)
        application.save(update_fields=["state", "confirmed_how", "confirm_code", "applied", "due", "rule"])
        records.written(actor=actor, now=now, action="joining.confirmed", application=application)
    return application


def new_code(application: Application) -> str:
    """A fresh code for an application, kept as a digest only; to be sent to the worker's contact at once."""
    code = new_secret_code()
    Application.objects.filter(pk=application.pk).update(confirm_code=_digest(application.receipt, code))
    return code


def code_fits(application: Application, code: str) -> bool:
    """Whether this is the code that was sent for the application."""
    return bool(application.confirm_code) and _digest(application.receipt, code) == application.confirm_code


def _digest(receipt: str, code: str) -> str:
    return hashlib.sha256(f"{receipt} {normal_secret_code(code)}".encode()).hexdigest()


def _hand_in(actor: Actor, now: datetime, given: Given, *, entered_by: int | None, how: Confirmation) -> Application:
    known = Application.objects.filter(nonce=given.nonce).order_by("pk").first()
    if known is not None:
        return known
    if is_staff_list([given.name]):
        raise Problem(
            "Several names stand here. Nobody joins by a list: each worker applies alone.",
            hint="Invite the others instead: an employer's list makes a list of invitations, never members.",
        )
    name = clean_name(given.name)
    kind, contact = clean_contact(given.contact)
    number = clean_identity(given.identity_number)
    if how == Confirmation.CODE and not contact:
        raise Problem("A code needs a mobile number or an e-mail address to go to; otherwise let the worker sign.")
    _check(given, number)
    found = route(
        employment=given.employment, employer=given.employer, place=given.place, bypass=given.bypass,
        on=timezone.localdate(now), at=given.at,
    )  # fmt: skip
    if found is None:
        raise Problem("No unit can take anybody in yet. Please ask the federation.")
    try:
        with atomic():
            return _store(actor, now, given, found, name, kind, contact, number, entered_by=entered_by, how=how)
    except IntegrityError:
        # The same form came twice at the same moment: the other one stands.
        twin = Application.objects.filter(nonce=given.nonce).order_by("pk").first()
        if twin is None:
            raise
        return twin


def _check(given: Given, number: str) -> None:
    if JOIN not in given.consents:
        raise Problem("Nobody joins without saying so: tick that you wish to join.")
    if number and IDENTITY_CHECK not in given.consents:
        raise Problem("Your identity number is kept only with your consent: tick it, or leave the number empty.")
    if given.employment == Employment.AGENCY and given.agency_side not in (AgencySide.AGENCY, AgencySide.USER):
        raise Problem("Choose whether you join at the agency or at the company you work in.")
    if given.employment == Employment.FREELANCE and given.employer is not None:
        raise Problem("Who works for themselves joins without an employer.")


def _store(
    actor: Actor, now: datetime, given: Given, found: Route, name: str, kind: ContactKind, contact: str, number: str,
    *, entered_by: int | None, how: Confirmation,
) -> Application:  # fmt: skip
    code = next_code("J")
    due, rule = records.clock(found.unit, now)
    waits = how == Confirmation.CODE
    receipt = give_receipt(
        kind="joining", code=code, now=now, promised=timezone.localdate(due),
        content=f"{code} {name} {found.unit.label}",
    )  # fmt: skip
    application = Application.objects.create(
        code=code,
        nonce=given.nonce,
        receipt=receipt.number,
        state=State.UNCONFIRMED if waits else State.APPLIED,
        name=name,
        language=given.language if given.language in LANGUAGES else LANGUAGES[0],
        contact_kind=kind,
        contact=contact or None,
        contact_print=vault.fingerprint(contact, purpose=CONTACT) if contact else None,
        identity_number=number or None,
        identity_print=vault.fingerprint(number, purpose=IDENTITY) if number else None,
        employment=given.employment,
        agency_side=given.agency_side if given.employment == Employment.AGENCY else "",
        employer=given.employer,
        employer_written="" if given.employer else given.employer_written.strip()[:120],
        place=given.place,
        unit=found.unit,
        why=found.why,
        bypass=given.bypass,
        consents=sorted(set(given.consents)),
        entered_by_id=entered_by,
        confirmed_how="" if waits else how,
        person_id=actor.person_id if entered_by is None else None,
        applied=now,
        due=due,
        rule=rule,
    )
    records.written(
        actor=actor, now=now, action="joining.applied", application=application,
        why=found.why.value, entered=entered_by is not None, how=how.value,
    )  # fmt: skip
    jobs.defer("joining.tell", code=application.code, what="code" if waits else "received")
    return application
