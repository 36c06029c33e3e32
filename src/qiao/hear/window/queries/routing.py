"""Where a request goes, and why (mechanisms S12 and S13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from qiao.hear.window.choices import About, Why
from qiao.hear.window.models import ReceiverRule
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.queries import root_unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.queries import unit_for

_AT_WINDOW = [role.value for role in ROLES_BY_ACTION[Action.REQUEST_TAKE]]
_SIGNS = 5


@dataclass(frozen=True, slots=True)
class Route:
    """The body a request goes to and why; ``kept_from``: path of the union at the workplace that is passed by."""

    unit: Unit
    why: Why
    kept_from: str = ""


def route(
    *, place: Unit | None, employer: Employer | None, topic: str, by_pass: bool, about: str, on: date
) -> Route | None:
    """The body that takes a request in; None before anything is founded.

    The union at the workplace first; else the body of the place or of the employer's place; else the top. A rule of
    receivers may name another body. By-pass, or a complaint about the union, leaves the workplace union out. A body is
    passed by where nobody stands at a window, or all who do are tied to the employer. Some six queries.
    """
    union = _union(place, employer, on)
    start, why = _start(place, employer, union)
    if start is None:
        return None
    kept_from = ""
    if by_pass or about == About.UNION:
        shunned = union or start
        if shunned.parent_id is not None:
            kept_from = shunned.path
    named = _named(start, employer, topic, on)
    if named is not None and not (kept_from and named.path.startswith(kept_from)):
        start, why = named, Why.RULE
    elif kept_from:
        start, why = _unit(kept_from[:-_SIGNS]), Why.BYPASS
    return _with_window(start, why, kept_from, employer, on)


def upper_of(unit: Unit, *, employer: Employer | None, on: date) -> Unit:
    """The next body above with somebody at a window who is not tied to the employer; the top where there is none."""
    if unit.parent_id is None:
        return unit
    return _with_window(_unit(unit.path[:-_SIGNS]), Why.UPPER, "", employer, on).unit


def _union(place: Unit | None, employer: Employer | None, on: date) -> Unit | None:
    if place is not None and place.kind in (UnitKind.BASE, UnitKind.JOINT_BASE):
        return place
    return unit_for(employer, on) if employer is not None else None


def _start(place: Unit | None, employer: Employer | None, union: Unit | None) -> tuple[Unit | None, Why]:
    if union is not None and takes_in(union):
        return union, Why.WORKPLACE
    if place is not None:
        return place, Why.PLACE
    if employer is not None:
        return employer.place, Why.EMPLOYER_PLACE
    return root_unit(), Why.TOP


def _named(start: Unit, employer: Employer | None, topic: str, on: date) -> Unit | None:
    """The body the nearest rule names: one for the employer beats one for a place, a lower place an upper one, a
    topic beats all topics."""
    rules = (
        ReceiverRule.objects.filter(
            Q(until__isnull=True) | Q(until__gt=on), since__lte=on, place__path__in=_line(start.path)
        )
        .filter(Q(employer__isnull=True) | Q(employer=employer), topic__in=["", topic])
        .select_related("place", "body")
        .order_by("pk")
    )
    if employer is None:
        rules = rules.filter(employer__isnull=True)
    best = max(
        rules, key=lambda rule: (rule.employer_id is not None, len(rule.place.path), rule.topic != ""), default=None
    )
    return best.body if best is not None and takes_in(best.body) else None


def _with_window(start: Unit, why: Why, kept_from: str, employer: Employer | None, on: date) -> Route:
    line = _line(start.path)
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=line).order_by("path")}
    officers = _officers(line, on)
    tied = _tied(employer, {key for keys in officers.values() for key in keys}) if employer is not None else set()
    for path in reversed(line):
        unit = units[path]
        here = officers.get(path, set())
        if here and here <= tied:
            why = Why.TIED
        elif not here:
            why = why if why == Why.BYPASS else Why.NO_DESK
        elif takes_in(unit):
            return Route(unit, why, kept_from)
    return Route(units[line[0]], why, kept_from)


def _officers(line: Sequence[str], on: date) -> dict[str, set[int]]:
    rows = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), since__lte=on, role__in=_AT_WINDOW, unit__path__in=line,
        account__is_active=True,
    ).order_by("pk")  # fmt: skip
    found: dict[str, set[int]] = {}
    for path, account_id in rows.values_list("unit__path", "account_id"):
        found.setdefault(path, set()).add(account_id)
    return found


def _tied(employer: Employer, accounts: Collection[int]) -> set[int]:
    rows = TieDeclaration.objects.filter(account_id__in=accounts, employer=employer, until__isnull=True)
    return set(rows.values_list("account_id", flat=True).order_by("account_id"))


def _line(path: str) -> list[str]:
    return [path[:end] for end in range(_SIGNS, len(path) + 1, _SIGNS)]


def _unit(path: str) -> Unit:
    return Unit.objects.get(path=path)
