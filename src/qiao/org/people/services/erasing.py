"""Erasing what is held about a person, beyond what a law says is kept."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.org.people.models import (
    Account,
    ChannelOrder,
    CheckLink,
    Consent,
    Contact,
    DataRequest,
    Declaration,
    IdentityCheck,
    Person,
    PersonMessage,
)
from qiao.org.people.rules import erasers
from qiao.org.people.services.keeping import path_of


def erase_person(*, actor: Actor, now: datetime, person: Person, code: str = "") -> dict[str, int]:
    """Erase contacts, identity, messages and what other apps registered, end consents; how many rows of each.

    Name and dates of membership stay for the time the retention table says, the log of looks for its own. The account
    is closed and its address forgotten. Called by services that have asked: an upheld request, the retention job.
    Doing it again is harmless.
    """
    path = path_of(person.pk)
    with atomic():
        counts = {name: eraser(person.pk, now) for name, eraser in erasers()}
        for model in (Contact, IdentityCheck, Declaration, ChannelOrder, CheckLink, PersonMessage):
            counts[model._meta.model_name or ""] = model._default_manager.filter(person=person).delete()[0]
        # What was agreed to ends now; that it was is proof for its time.
        counts["consent"] = Consent.objects.filter(person=person, revoked__isnull=True).update(revoked=now)
        # What was asked before is erased with the rest; this request itself stays as proof, without its words.
        counts["datarequest"] = DataRequest.objects.filter(person=person).exclude(code=code).delete()[0]
        for account in Account.objects.select_for_update().filter(person=person):
            account.email, account.display_name = f"erased-{account.pk}@erased.invalid", f"{account.pk}"
            account.is_active, account.person = False, None
            account.set_unusable_password()
            account.save()
        audit.record(
            actor=actor, now=now, action="person.erase", code=code, unit_path=path,
            detail={"person": person.pk, **counts},
        )  # fmt: skip
    return counts
