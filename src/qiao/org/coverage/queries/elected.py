"""Which unions elected their committee: part of whether they are alive (handbook C03, test c)."""

from __future__ import annotations

from datetime import date

from qiao.base.lookups import AnyOf
from qiao.org.mandates.models import Term


def electing_units(unit_ids: frozenset[int], since: date, on: date) -> set[int]:
    """Of these units those in which a term began between the two days."""
    return set(
        Term.objects.filter(AnyOf("committee__unit_id", unit_ids), since__gte=since, since__lte=on)
        .order_by("pk")
        .values_list("committee__unit_id", flat=True)
    )
