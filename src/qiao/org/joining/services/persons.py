"""From an application to a person of the register: name, contact, identity number and consents go to people."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.joining.choices import ContactKind, Identity
from qiao.org.joining.models import Application
from qiao.org.membership.choices import Confirmation
from qiao.org.people import services as people
from qiao.org.people.choices import Source
from qiao.org.people.models import Account, Person
from qiao.org.people.queries.signing_in import contact_to_sign_in


def enter_person(*, actor: Actor, now: datetime, application: Application, person: Person | None) -> Person:
    """The person of an approved application: a new one, or the former member who joins again.

    To be called in the deciding transaction, before standing is given. Raises Refused without ``person.keep`` at the
    unit, Problem where the identity number turns out to be another person's.
    """
    if person is None:
        person = Person.objects.create(name=application.name, language=application.language)
    path = application.unit.path
    source = Source.SELF if application.entered_by_id is None else Source.OFFICER
    for kind in application.consents:
        people.give_consent(
            actor=actor, now=now, person=person, kind=kind, language=application.language, source=source, unit_path=path
        )
    if application.contact:
        people.set_contact(
            actor=actor, now=now, person=person, kind=application.contact_kind, value=application.contact,
            source=source, unit_path=path, confirmed=application.confirmed_how == Confirmation.CODE,
        )  # fmt: skip
    if application.identity == Identity.NUMBER and application.identity_number:
        people.check_identity(actor=actor, now=now, person=person, number=application.identity_number, unit_path=path)
    elif application.identity == Identity.PAPER:
        people.see_paper_proof(actor=actor, now=now, person=person, unit_path=path)
    return person


def open_sign_in(*, actor: Actor, now: datetime, application: Application, person: Person) -> Account | None:
    """An account for a new member who gave a mail address or a mobile number: signs in by a code sent there.

    An address or number that signs in for somebody else already opens nothing, and nobody is told that it does; nor
    does a number that only an officer wrote down. None where no account is opened.
    """
    if not application.contact or Account.objects.filter(person=person).exists():
        return None
    if application.contact_kind == ContactKind.MOBILE:
        own = application.entered_by_id is None or application.confirmed_how == Confirmation.CODE
        taken = contact_to_sign_in(application.contact)
        if not own or (taken is not None and taken.person_id != person.pk):
            return None
        return people.open_account_by_number(actor=actor, now=now, person=person)
    try:
        return people.open_member_account(
            actor=actor, now=now, email=application.contact, person=person, unit_path=application.unit.path
        )
    except Problem:
        return None
