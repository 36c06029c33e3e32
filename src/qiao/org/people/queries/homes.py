"""Where a person belongs. Memberships stand above this app and are reached through the person's own relation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from qiao.base.i18n import Localized
from qiao.org.people.models import Person


@dataclass(frozen=True, slots=True)
class Home:
    """The unit in which a person has standing now."""

    unit_id: int
    path: str
    label: str
    name: Localized


def homes_of(person_ids: Collection[int]) -> dict[int, Home]:
    """The units of these persons; whoever has no standing is left out. One query."""
    rows = (
        Person.objects.filter(pk__in=person_ids, memberships__until__isnull=True, memberships__isnull=False)
        .order_by("pk")
        .values_list(
            "pk",
            "memberships__unit_id",
            "memberships__unit__path",
            "memberships__unit__label",
            "memberships__unit__name",
        )
    )
    return {pk: Home(unit_id, path, label, name) for pk, unit_id, path, label, name in rows}


def home_of(person_id: int) -> Home | None:
    """The unit of one person, None without standing."""
    return homes_of([person_id]).get(person_id)


def members_under(path: str) -> Iterator[int]:
    """Ids of those with standing in the unit at ``path`` and below, ascending."""
    return (
        Person.objects.filter(memberships__until__isnull=True, memberships__unit__path__startswith=path)
        .order_by("pk")
        .values_list("pk", flat=True)
        .iterator(chunk_size=5_000)
    )
