"""Building the actor of a request, and the ties it declared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet

from qiao.base.access import Actor, Grant, Tie
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.access.rules import actions_of, bar_between, overlap
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


def actor_for(account: Account, today: date) -> Actor:
    """The actor behind an account today: two queries, for an officer three."""
    grants = (
        RoleGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=today), account=account, since__lte=today)
        .order_by("pk")
        .values_list(
            "role",
            "unit_id",
            "unit__path",
            ArraySubquery(others_of(account).values("pk")),
            ArraySubquery(others_of(account).values("person_id")),
        )
    )
    same = frozenset(key for *_grant, others, _persons in grants for key in others)
    paths: tuple[str, ...] = ()
    if account.person_id:
        paths = tuple(
            Membership.objects.filter(person_id=account.person_id, state__in=HOLDING, until__isnull=True)
            .order_by("pk")
            .values_list("unit__path", flat=True)
        )
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        name=account.display_name,
        member_paths=paths,
        grants=compatible([Grant(role, unit_id, path, actions_of(role)) for role, unit_id, path, *_same in grants]),
        accounts=same,
        persons=frozenset(key for *_grant, others in grants for key in others if key is not None),
        ties=ties_of(account, today, same) if grants else (),
    )


def others_of(account: Account) -> QuerySet[Account]:
    """The other accounts of the same human."""
    first = account.same_as_id or account.pk
    return Account.objects.filter(Q(pk=first) | Q(same_as_id=first)).exclude(pk=account.pk).order_by("pk")


def ties_of(account: Account, today: date, same: Collection[int] = ()) -> tuple[Tie, ...]:
    """The employers an account, or one of these of the same human, declared a tie to, with the unions there today."""
    rows = (
        TieDeclaration.objects.filter(account_id__in=[account.pk, *same], until__isnull=True)
        .order_by("pk")
        .values_list(
            "employer_id", "employer__name", "employer__unit_links__unit__path", "employer__unit_links__since",
            "employer__unit_links__until",
        )
    )  # fmt: skip
    names: dict[int, str] = {}
    paths: dict[int, set[str]] = {}
    for employer_id, name, path, since, until in rows:
        names[employer_id] = name
        held = paths.setdefault(employer_id, set())
        if path and since <= today and (until is None or until > today):
            held.add(path)
    return tuple(Tie(key, name, tuple(sorted(paths[key]))) for key, name in names.items())


def declared_ties(account_id: int) -> list[TieDeclaration]:
    """The ties an account declared, those that last first."""
    found = TieDeclaration.objects.filter(account_id=account_id).select_related("employer")
    return list(found.order_by(F("until").desc(nulls_first=True), "-since", "-pk")[:200])


def tied_officers(unit: Unit, today: date) -> dict[int, list[str]]:
    """Accounts with a role that reaches the unit and a declared tie to an employer of it, with the employers."""
    above = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)]
    rows = TieDeclaration.objects.filter(
        Q(employer__unit_links__until__isnull=True) | Q(employer__unit_links__until__gt=today),
        until__isnull=True,
        employer__unit_links__unit=unit,
        employer__unit_links__since__lte=today,
        account__grants__unit__path__in=above,
    )
    found: dict[int, list[str]] = {}
    for account_id, name in rows.order_by("account_id").values_list("account_id", "employer__name").distinct():
        found.setdefault(account_id, []).append(name)
    return found


def compatible(grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """The grants without the actions of those that may not stand beside an earlier one.

    The second look of P5, at every act: however two such roles came together, the later one lies still.
    """
    kept: list[Grant] = []
    for grant in grants:
        barred = any(
            before.actions and bar_between(grant.role, before.role, near=overlap(grant.path, before.path))
            for before in kept
        )
        kept.append(replace(grant, actions=frozenset()) if barred else grant)
    return tuple(kept)
