"""Who may answer for a problem: officers of its union, of those above it and right below it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from qiao.judge.problems.models import Entry
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

_SIGNS = 5
_MOST = 200


def possible_owners(entry: Entry, on: date) -> list[tuple[Account, Unit]]:
    """Accounts with their unit, in tree order; not who raised it in office. One query."""
    path = entry.unit.path
    line = [path[:end] for end in range(_SIGNS, len(path) + 1, _SIGNS)]
    rows = (
        RoleGrant.objects.filter(
            Q(unit__path__in=line) | Q(unit__parent__path=path),
            Q(until__isnull=True) | Q(until__gt=on),
            role__in=[role.value for role in ROLES_BY_ACTION[Action.PROBLEM_OWN]], since__lte=on,
            account__is_active=True,
        )
        .exclude(account=entry.raised_by)
        .select_related("account", "unit")
        .order_by("-unit__path", "account__display_name")
    )  # fmt: skip
    found = {(row.account_id, row.unit_id): (row.account, row.unit) for row in rows}
    return list(found.values())[:_MOST]
