"""Building the actor of a request, and the table as a page shows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate
from django.utils.timezone import localdate
from django.utils.translation import gettext

from qiao.base.access import Actor, Grant, Tie
from qiao.base.i18n import day_text, pick
from qiao.org.access.choices import Action, Role
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.access.rules import BARS, ROLES_BY_ACTION, actions_of, bar_between, overlap
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership
from qiao.org.people.choices import RefusalGround
from qiao.org.people.models import Account
from qiao.org.people.rules import Bar, OwnGroup, OwnLine
from qiao.org.units.models import Unit


def actor_for(account: Account, today: date) -> Actor:
    """The actor behind an account today: two queries, for an officer three."""
    grants = (
        RoleGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=today), account=account, since__lte=today)
        .order_by("pk")
        .values_list("role", "unit_id", "unit__path")
    )
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
        grants=compatible([Grant(role, unit_id, path, actions_of(role)) for role, unit_id, path in grants]),
        ties=_ties_of(account, today) if grants else (),
    )


def _ties_of(account: Account, today: date) -> tuple[Tie, ...]:
    """The employers an account declared a tie to, with the unions formed at them today."""
    rows = (
        TieDeclaration.objects.filter(account=account, until__isnull=True)
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


@dataclass(frozen=True, slots=True)
class BarRow:
    """A pair that excludes itself, as the page tells it."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    scope: str
    reason: str


def bar_rows() -> list[BarRow]:
    """The table of roles one person may not combine."""

    def labels(roles: frozenset[Role]) -> tuple[str, ...]:
        return tuple(str(role.label) for role in Role if role in roles)

    rows = []
    for bar in BARS:
        rest = len(bar.right) == len(Role) - 1
        right = (gettext("every other role"),) if rest else labels(bar.right)
        rows.append(BarRow(labels(bar.left), right, str(bar.scope.label), str(bar.reason)))
    return rows


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What one role may do, in words."""

    role: str
    actions: tuple[str, ...]
    second_step: bool


def role_rows(second_step: Collection[str]) -> list[RoleRow]:
    """The table read the other way: for each role what it may do, and whether it needs a second step to sign in."""
    return [
        RoleRow(
            str(role.label),
            tuple(str(action.label) for action, roles in ROLES_BY_ACTION.items() if role in roles),
            role in second_step,
        )
        for role in Role
    ]


def own_grants(account_id: int) -> list[RoleGrant]:
    """Every role an account holds, will hold and has held, those without an end first."""
    found = RoleGrant.objects.filter(account_id=account_id).select_related("unit")
    return list(found.order_by(F("until").desc(nulls_first=True), "-since", "-pk")[:200])


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the table of actions."""

    action: str
    label: str
    roles: tuple[tuple[str, bool], ...]


def access_table() -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
    """Role labels and, for each action, which of them hold it."""
    rows = tuple(
        TableRow(
            action=action.value,
            label=str(Action(action).label),
            roles=tuple((str(role.label), role in roles) for role in Role),
        )
        for action, roles in ROLES_BY_ACTION.items()
    )
    return tuple(str(role.label) for role in Role), rows


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


def own_groups(person_id: int) -> list[OwnGroup]:
    """Roles of the account of a person, now and before."""
    rows = RoleGrant.objects.filter(account__person_id=person_id).select_related("unit").order_by("-since", "-pk")
    lines = tuple(
        OwnLine(
            str(row.get_role_display()), pick(row.unit.name),
            f"{day_text(row.since)} – {day_text(row.until) if row.until else gettext('today')}",
        )
        for row in rows
    )  # fmt: skip
    return [
        OwnGroup("roles", gettext("Roles I have on the platform"), lines, gettext("Who may do what, and since when."))
    ]


def own_bars(person_id: int, now: datetime) -> list[Bar]:
    """Roles that are still held."""
    rows = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=localdate(now)), account__person_id=person_id
    ).select_related("unit")
    return [
        Bar(
            RefusalGround.LEGAL_DUTY,
            gettext("The role “%(role)s” in %(unit)s is still held: have it ended first.")
            % {"role": row.get_role_display(), "unit": pick(row.unit.name)},
        )
        for row in rows.order_by("pk")
    ]
