"""Grants and officers of a unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate

from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.units.models import Unit


def own_grants(account_id: int) -> list[RoleGrant]:
    """Every role an account holds, will hold and has held, those without an end first."""
    found = RoleGrant.objects.filter(account_id=account_id).select_related("unit")
    return list(found.order_by(F("until").desc(nulls_first=True), "-since", "-pk")[:200])


@dataclass(frozen=True, slots=True)
class Officer:
    """A named officer of a unit, as the public directory shows them."""

    name: str
    role: str


def officers_of(unit: Unit) -> list[Officer]:
    """Who holds a role in the unit itself, by name: officers are public, members are not."""
    grants = (
        RoleGrant.objects.filter(
            Q(until__isnull=True) | Q(until__gt=TruncDate(Now())), unit=unit, account__is_active=True
        )
        .exclude(role=Role.EVALUATOR)
        .select_related("account")
        .order_by("pk")
    )
    return [Officer(grant.account.display_name, str(Role(grant.role).label)) for grant in grants]


def grants_of(unit: Unit) -> list[RoleGrant]:
    """Every grant in the unit itself, those that hold first, then by their beginning, newest first."""
    return list(
        RoleGrant.objects.filter(unit=unit)
        .select_related("account")
        .order_by(F("until").desc(nulls_first=True), "-since", "-pk")[:200]
    )


def grants_above(unit: Unit) -> list[RoleGrant]:
    """Grants in the units above, which reach this one: those without an end."""
    above = [unit.path[:end] for end in range(5, len(unit.path), 5)]
    return list(
        RoleGrant.objects.filter(unit__path__in=above, until__isnull=True)
        .select_related("account", "unit")
        .order_by("unit__path", "pk")[:200]
    )
