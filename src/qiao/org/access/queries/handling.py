"""Who handles a matter where some are tied to it or nobody holds the role: the next unit above (S12)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q

from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.access.queries.actors import ties_of
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.units.models import Unit


def handled_nearer(
    action: str, path: str, *, on: date, at: str = "unit__path", about: str = "unit__path", employer: str = ""
) -> Exists:
    """Whether somebody below the unit at ``path`` may act on a row: S12, the next unit above takes over else.

    Looked for is an account with ``action`` at the row's place of handling (the field ``at``) or between it and
    ``path``, without a declared tie to the union the row is ``about`` or to its ``employer``. For a filter.
    """
    live = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    here = ExpressionWrapper(OuterRef(at), output_field=CharField())
    matter = ExpressionWrapper(OuterRef(OuterRef(about)), output_field=CharField())
    ties = TieDeclaration.objects.filter(account=OuterRef("account"), until__isnull=True)
    union = Q(
        Q(employer__unit_links__until__isnull=True) | Q(employer__unit_links__until__gt=on),
        employer__unit_links__since__lte=on,
        matter__startswith=F("employer__unit_links__unit__path"),
    )
    barred = union | Q(employer=OuterRef(OuterRef(employer))) if employer else union
    grants = RoleGrant.objects.filter(
        live, role__in=_roles_for(action), account__is_active=True, unit__path__startswith=path
    )
    return Exists(
        grants.exclude(unit__path=path)
        .alias(here=here)
        .filter(~Exists(ties.alias(matter=matter).filter(barred)), here__startswith=F("unit__path"))
    )


def handling_unit(
    action: str, path: str, *, on: date, about: str = "", employer_id: int | None = None, but: Collection[int] = ()
) -> Unit | None:
    """The nearest unit, at ``path`` or above, in which somebody may act without a tie to the matter.

    ``about``: the path of the union the matter is about, else ``path``; ``but``: accounts that took the step before.
    None where nobody anywhere may.
    """
    line = [path[:end] for end in range(len(path), 0, -5)]
    grants = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), since__lte=on, role__in=_roles_for(action), unit__path__in=line,
        account__is_active=True,
    ).exclude(account_id__in=but)  # fmt: skip
    for grant in sorted(grants.select_related("account", "unit"), key=lambda one: -len(one.unit.path)):
        if not any(tie.touches(about or path, employer_id) for tie in ties_of(grant.account, on)):
            return grant.unit
    return None


def _roles_for(action: str) -> list[str]:
    return [role.value for role in ROLES_BY_ACTION[Action(action)]]
