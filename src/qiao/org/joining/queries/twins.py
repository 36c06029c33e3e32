"""Persons of the register an applicant may be: by contact and by identity number, never by name alone."""

from __future__ import annotations

from dataclasses import dataclass

from qiao.base import vault
from qiao.org.joining.choices import OPEN, State
from qiao.org.joining.models import CONTACT, IDENTITY, Application
from qiao.org.membership.models import Membership
from qiao.org.people.models import Person
from qiao.org.people.queries import persons_by_contact, persons_by_identity


@dataclass(frozen=True, slots=True)
class Twin:
    """A person, or another open application, that shares a contact or an identity number with an application."""

    by_identity: bool
    by_contact: bool
    person_id: int | None = None
    name: str = ""
    standing: Membership | None = None
    former: bool = False
    #: The path of the unit whose officers see this person: of the standing now, else of the last one.
    home: str | None = None
    application: Application | None = None


def twins_of(application: Application) -> list[Twin]:
    """Whom an open application may be; none once it is decided and its contact has gone to the person's record."""
    by_contact = (
        set(persons_by_contact(application.contact_kind, application.contact)) if application.contact else set()
    )
    by_identity = set(persons_by_identity(application.identity_number)) if application.identity_number else set()
    keys = by_contact | by_identity
    if application.person_id is not None:
        keys.add(application.person_id)
    standings = {
        row.person_id: row
        for row in Membership.objects.filter(person_id__in=keys, until__isnull=True).select_related("unit")
    }
    # The last standing of each comes last and stays.
    homes = dict(
        Membership.objects.filter(person_id__in=keys)
        .order_by("until", "since", "pk")
        .values_list("person_id", "unit__path")
    )
    people = Person.objects.filter(pk__in=keys).order_by("pk")
    return [
        Twin(
            by_identity=person.pk in by_identity, by_contact=person.pk in by_contact, person_id=person.pk,
            name=person.name, standing=standings.get(person.pk), former=person.pk in homes, home=homes.get(person.pk),
        )
        for person in people
    ] + _other_applications(application)  # fmt: skip


def _other_applications(application: Application) -> list[Twin]:
    found = []
    states = [*OPEN, State.RETURNED]
    others = Application.objects.filter(state__in=states).exclude(pk=application.pk).select_related("unit")
    if application.identity_number:
        prints = vault.fingerprints(application.identity_number, purpose=IDENTITY)
        found = [Twin(True, False, application=row) for row in others.filter(identity_print__in=prints).order_by("pk")]
    if application.contact:
        known = {twin.application.pk for twin in found if twin.application}
        prints = vault.fingerprints(application.contact, purpose=CONTACT)
        rows = others.filter(contact_print__in=prints).order_by("pk")[:20]
        found += [Twin(False, True, application=row) for row in rows if row.pk not in known]
    return found
