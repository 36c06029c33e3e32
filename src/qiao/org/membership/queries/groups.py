"""Reading union groups."""

from __future__ import annotations

from django.db.models import Count, Q

from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership, UnionGroup
from qiao.org.units.models import Unit

_HOLDS = Q(memberships__until__isnull=True, memberships__state__in=HOLDING)


def groups_of(unit: Unit) -> list[UnionGroup]:
    """The open groups of a unit by name, each with ``size``."""
    return list(
        UnionGroup.objects.filter(unit=unit, closed__isnull=True)
        .select_related("leader")
        .annotate(size=Count("memberships", filter=_HOLDS))
        .order_by("name")
    )


def groups_led(account_id: int) -> list[UnionGroup]:
    """The open groups an account leads."""
    return list(
        UnionGroup.objects.filter(leader_id=account_id, closed__isnull=True)
        .select_related("unit")
        .annotate(size=Count("memberships", filter=_HOLDS))
        .order_by("unit_id", "name")
    )


def group_by_key(key: int) -> UnionGroup | None:
    """One open group."""
    return UnionGroup.objects.select_related("unit", "leader").filter(pk=key, closed__isnull=True).first()


def group_list(group: UnionGroup) -> list[tuple[str, str]]:
    """Name and state of each of a group: all that its leader sees (handbook 1.6)."""
    rows = (
        Membership.objects.filter(group=group, until__isnull=True)
        .select_related("person")
        .order_by("person__name", "pk")[:500]
    )
    return [(row.person.name, row.get_state_display()) for row in rows]
