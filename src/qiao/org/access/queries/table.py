"""The table of roles and actions, as pages show it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext

from qiao.org.access.choices import Action, Role
from qiao.org.access.rules import BARS, ROLES_BY_ACTION


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
