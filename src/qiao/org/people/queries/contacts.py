"""Contacts, identity and what persons said of themselves. Who may see any of it is asked by the services."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min

from qiao.base import vault
from qiao.base.problems import Problem
from qiao.org.people.choices import ContactState
from qiao.org.people.models import Contact, Declaration, IdentityCheck
from qiao.org.people.models.contacts import CONTACT_PURPOSE, IDENTITY_PURPOSE
from qiao.org.people.rules import normal_contact, normal_identity


def contacts_of(person_id: int) -> list[Contact]:
    """A person's contacts, the mobile number first. Each value is opened only when it is read."""
    return list(Contact.objects.filter(person_id=person_id).order_by("-kind"))


def persons_by_contact(kind: str, value: str) -> list[int]:
    """Ids of the persons who gave this contact, ascending. Raises Problem for what is no contact."""
    prints = vault.fingerprints(purposed(kind, normal_contact(kind, value)), purpose=CONTACT_PURPOSE)
    return list(
        Contact.objects.filter(found_by__in=prints, kind=kind).order_by("person_id").values_list("person_id", flat=True)
    )


def persons_by_identity(number: str) -> list[int]:
    """Ids of the persons whose identity was checked by this number, ascending. Raises Problem for no valid number."""
    prints = vault.fingerprints(normal_identity(number), purpose=IDENTITY_PURPOSE)
    return list(
        IdentityCheck.objects.filter(found_by__in=prints).order_by("person_id").values_list("person_id", flat=True)
    )


def persons_by_contacts(kind: str, values: Collection[str]) -> dict[str, list[int]]:
    """For each of these contacts, as given, the persons who gave it: one query. What is no contact is left out."""
    by_print: dict[bytes, str] = {}
    for value in values:
        try:
            prints = vault.fingerprints(purposed(kind, normal_contact(kind, value)), purpose=CONTACT_PURPOSE)
        except Problem:
            continue
        by_print.update(dict.fromkeys(prints, value))
    rows = Contact.objects.filter(found_by__in=list(by_print), kind=kind).order_by("person_id")
    return _gathered(rows.values_list("found_by", "person_id"), by_print)


def persons_by_identities(numbers: Collection[str]) -> dict[str, list[int]]:
    """For each of these identity numbers, as given, the persons it was checked for: one query."""
    by_print: dict[bytes, str] = {}
    for number in numbers:
        try:
            prints = vault.fingerprints(normal_identity(number), purpose=IDENTITY_PURPOSE)
        except Problem:
            continue
        by_print.update(dict.fromkeys(prints, number))
    rows = IdentityCheck.objects.filter(found_by__in=list(by_print)).order_by("person_id")
    return _gathered(rows.values_list("found_by", "person_id"), by_print)


def contact_print(kind: str, normal: str) -> bytes:
    """The fingerprint a contact in its normal form is stored with."""
    return vault.fingerprint(purposed(kind, normal), purpose=CONTACT_PURPOSE)


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a person's contacts were last made sure of; ``stale`` where one of them reaches nobody."""

    checked: date | None
    stale: bool
    any: bool


def freshness(person_ids: Collection[int]) -> dict[int, Freshness]:
    """How fresh the contacts of these persons are (S15): one query; whoever has none is left out."""
    rows = (
        Contact.objects.filter(person_id__in=person_ids)
        .values("person_id")
        .annotate(oldest=Min("checked"))
        .order_by("person_id")
    )
    stale = set(
        Contact.objects.filter(person_id__in=person_ids, state=ContactState.STALE).values_list("person_id", flat=True)
    )
    return {
        row["person_id"]: Freshness(checked=row["oldest"], stale=row["person_id"] in stale, any=True) for row in rows
    }


def declared_sex(person_ids: Collection[int]) -> dict[int, str]:
    """What these persons said of their sex; whoever said nothing is left out. For counts only."""
    return dict(
        Declaration.objects.filter(person_id__in=person_ids)
        .exclude(sex="")
        .order_by("person_id")
        .values_list("person_id", "sex")
    )


def purposed(kind: str, normal: str) -> str:
    """What is hashed of a contact: its kind is part of it."""
    return f"{kind}:{normal}"


def _gathered(rows: Iterable[tuple[Any, int]], by_print: dict[bytes, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for fingerprint, person_id in rows:
        found.setdefault(by_print[bytes(fingerprint)], []).append(person_id)
    return found
