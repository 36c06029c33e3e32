"""Granting and ending roles."""

from __future__ import annotations

from datetime import date, datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import clash
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


def grant_role(*, actor: Actor, now: datetime, account: Account, role: Role, unit: Unit, since: date) -> RoleGrant:
    """Grant a role in a unit and all below it.

    Raises Refused without ``role.grant`` at the unit, Problem where the account holds a role that may not stand
    beside it in an overlapping subtree.
    """
    require(actor, "role.grant", unit.path)
    with atomic():
        # The account row is locked, so that two grants at once cannot pass the check side by side.
        Account.objects.select_for_update().get(pk=account.pk)
        held = [
            grant.role
            for grant in RoleGrant.objects.filter(account=account, until__isnull=True).select_related("unit")
            if grant.unit.path.startswith(unit.path) or unit.path.startswith(grant.unit.path)
        ]
        other = clash(role, held)
        if other:
            raise Problem(
                "%(role)s and %(other)s may not be held by one person: give one of them to somebody else.",
                role=Role(role).label,
                other=Role(other).label,
            )
        grant, _ = RoleGrant.objects.get_or_create(
            account=account, role=role, unit=unit, until=None, defaults={"since": since}
        )
        audit.record(
            actor=actor,
            now=now,
            action="role.grant",
            code=unit.label,
            unit_path=unit.path,
            detail={"account": account.pk, "role": str(role)},
        )
    return grant
