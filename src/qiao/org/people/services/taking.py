"""Noting that a person's whole data left the platform."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.org.people.models import Person
from qiao.org.people.services.keeping import path_of


def note_taking(*, actor: Actor, now: datetime, person: Person) -> None:
    """Write into the audit log that the data of this person was taken out, and by whom."""
    with atomic():
        audit.record(
            actor=actor, now=now, action="person.take", unit_path=path_of(person.pk), detail={"person": person.pk}
        )
