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
