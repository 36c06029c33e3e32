"""Reading the register."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One member as a frame for samples and rolls needs it: ids and coarse design columns, no name."""

    person_id: int
    unit_id: int
    unit_path: str
    employment: str


def roster(path: str) -> list[RosterRow]:
    """All members with active standing in the subtree at ``path``, in tree order."""
    rows = (
        active_members(path)
        .order_by("unit__path", "person_id")
        .values_list("person_id", "unit_id", "unit__path", "employment")
    )
    return [RosterRow(*row) for row in rows.iterator()]


def active_members(path: str) -> QuerySet[Membership]:
    """Memberships that hold now in the subtree at ``path``; who is in transfer still belongs to the releasing unit."""
    return Membership.objects.filter(unit__path__startswith=path, state__in=HOLDING, until__isnull=True)


def membership_of(person_id: int) -> Membership | None:
    """The standing a person has now, with its unit."""
    return (
        Membership.objects.filter(person_id=person_id, until__isnull=True).select_related("unit").order_by("pk").first()
    )
