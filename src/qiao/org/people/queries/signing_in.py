"""Whom a mobile number signs in."""

from __future__ import annotations

from qiao.base import vault
from qiao.org.people.choices import ContactKind, ContactState, Source
from qiao.org.people.models import Account, Contact
from qiao.org.people.models.contacts import CONTACT_PURPOSE
from qiao.org.people.queries.contacts import purposed
from qiao.org.people.rules import normal_contact


def contact_to_sign_in(number: str) -> Contact | None:
    """The one contact by which a mobile number signs somebody in; its person may have no account yet.

    Confirmed numbers count, and of these only one that a single person has: a number shared or handed on signs in
    nobody. Besides, the number a worker gave when joining opens the account it was made for the first time, and is
    confirmed by that. A number only an officer wrote down signs in nobody, or an officer could write down their own.
    Raises Problem for what is no number.
    """
    prints = vault.fingerprints(
        purposed(ContactKind.MOBILE, normal_contact(ContactKind.MOBILE, number)), purpose=CONTACT_PURPOSE
    )
    found = list(
        Contact.objects.filter(found_by__in=prints, kind=ContactKind.MOBILE)
        .exclude(state=ContactState.STALE)
        .select_related("person__account")
        .order_by("pk")[:20]
    )
    sure = [contact for contact in found if contact.state == ContactState.CONFIRMED]
    ways = sure or [contact for contact in found if _first_time(contact)]
    account = account_behind(ways[0]) if len(ways) == 1 else None
    return ways[0] if len(ways) == 1 and (account is None or account.is_active) else None


def account_behind(contact: Contact) -> Account | None:
    """The account of the person whose contact this is."""
    return getattr(contact.person, "account", None)


def mobile_of(account: Account) -> Contact | None:
    """The number an account without a mail address is reached by."""
    if account.person_id is None:
        return None
    found = Contact.objects.filter(person_id=account.person_id, kind=ContactKind.MOBILE)
    return found.exclude(state=ContactState.STALE).first()


def _first_time(contact: Contact) -> bool:
    account = account_behind(contact)
    return contact.source == Source.SELF and account is not None and not account.email and account.last_login is None
