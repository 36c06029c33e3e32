"""Persons and accounts."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.people.models import Account, Person


def open_account(
    *,
    actor: Actor,
    now: datetime,
    email: str,
    display_name: str,
    person: Person | None = None,
    password: str | None = None,
) -> Account:
    """Open an account; without a password it signs in by mailed code only.

    Raises Refused without ``account.open``, Problem for a bad or taken address.
    """
    require(actor, "account.open")
    return _open(actor=actor, now=now, email=email, display_name=display_name, person=person, password=password)


def open_member_account(*, actor: Actor, now: datetime, email: str, person: Person, unit_path: str) -> Account:
    """Open the account of somebody who is just being admitted to the unit at ``unit_path``: signs in by mailed code.

    Raises Refused without ``member.admit`` there, Problem for a bad or taken address.
    """
    require(actor, "member.admit", unit_path)
    return _open(actor=actor, now=now, email=email, display_name=person.name, person=person, password=None)


def open_account_by_number(*, actor: Actor, now: datetime, person: Person) -> Account:
    """Open the account of a person without a mail address: signs in by a code sent to the person's mobile number.

    One there already is returned. To be called only where the number is the person's own word or shown to be theirs.
    Raises Refused for anybody but the system and whoever admits members.
    """
    require(actor, "member.admit")
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        account = Account.objects.filter(person=person).first()
        if account is None:
            account = Account(email="", display_name=person.name, person=person)
            account.set_unusable_password()
            account.save()
            audit.record(actor=actor, now=now, action="account.open", detail={"account": account.pk})
    return account


def _open(
    *, actor: Actor, now: datetime, email: str, display_name: str, person: Person | None, password: str | None
) -> Account:
    try:
        validate_email(email)
    except ValidationError:
        raise Problem("%(email)s is not an e-mail address.", email=email) from None
    if Account.objects.filter(email__iexact=email).exists():
        raise Problem("An account with this address exists already.")
    with atomic():
        account = Account(email=email.lower(), display_name=display_name, person=person)
        if password:
            account.set_password(password)
        else:
            account.set_unusable_password()
        account.save()
        audit.record(actor=actor, now=now, action="account.open", detail={"account": account.pk})
    return account
