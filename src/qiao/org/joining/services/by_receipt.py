"""A member without an account: the receipt of their application and a code to their contact stand for signing in."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.membership.queries import membership_of
from qiao.org.people import services as people
from qiao.org.people.choices import ContactState, Source
from qiao.org.people.queries import contacts_of


def send_member_code(*, now: datetime, receipt: str) -> None:
    """Have a code sent to the contact of the member whose application this was; within a minute only one.

    Raises Application.DoesNotExist for no such receipt, Problem where there is no standing or no contact of their own.
    """
    actor, kind = _behind(receipt)
    people.ask_code(actor=actor, now=now, kind=kind)


def member_by_code(*, now: datetime, receipt: str, code: str) -> Actor:
    """The member as an actor, by the code that was sent: of their own things alone, with no role and no account.

    Raises as `send_member_code`, and Problem for a wrong code or one that has run out.
    """
    actor, kind = _behind(receipt)
    if not people.confirm_contact(actor=actor, now=now, kind=kind, code=code):
        raise Problem("This is not the code that was sent. Look at the message again.")
    return actor


def member_of(receipt: str) -> Actor:
    """The member behind a receipt, for whoever has shown the code already. Raises as `send_member_code`."""
    return _behind(receipt)[0]


def _behind(receipt: str) -> tuple[Actor, str]:
    application = Application.objects.get(receipt=receipt)
    if application.state != State.ACTIVE or application.person_id is None:
        raise Problem("This receipt belongs to no membership.")
    standing = membership_of(application.person_id)
    if standing is None:
        raise Problem("This receipt belongs to no membership.")
    # A contact only an officer wrote down might be the officer's own.
    own = [
        contact
        for contact in contacts_of(application.person_id)
        if contact.state == ContactState.CONFIRMED
        or (contact.state != ContactState.STALE and contact.source == Source.SELF)
    ]
    if not own:
        raise Problem("We have no contact that you gave yourself: come to your union, or let an officer enter it.")
    return Actor(person_id=application.person_id, name="member"), own[0].kind
