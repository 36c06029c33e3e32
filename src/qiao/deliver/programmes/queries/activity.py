"""Which unions worked on a project: part of whether they are alive (handbook C03, test c)."""

from __future__ import annotations

from datetime import date

from qiao.base.lookups import AnyOf
from qiao.deliver.programmes.models import Transition


def working_units(unit_ids: frozenset[int], since: date, on: date) -> set[int]:
    """Of these units those a project of which moved on between the two days."""
    return set(
        Transition.objects.filter(AnyOf("project__unit_id", unit_ids), at__date__gte=since, at__date__lte=on)
        .order_by("pk")
        .values_list("project__unit_id", flat=True)
    )
