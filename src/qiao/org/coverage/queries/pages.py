"""The coverage page of a unit, from what was computed in the night: a handful of reads by key, at any size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from qiao.base.counts import SMALL, is_small
from qiao.base.i18n import pick
from qiao.org.coverage.choices import Axis, DayKind
from qiao.org.coverage.models import CoverageCount, CoverageDay, CoverageScope, UnionTest
from qiao.org.coverage.rules import Rate, Withheld, rate
from qiao.org.membership.choices import Employment
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import Ownership, Sector

#: Children, unions or faults on one page.
PAGE = 100
_CLOSED_KINDS = (UnitKind.BASE, UnitKind.JOINT_BASE)
_LABELS = {
    Axis.SECTOR.value: dict(Sector.choices),
    Axis.OWNERSHIP.value: dict(Ownership.choices),
    Axis.EMPLOYMENT.value: dict(Employment.choices),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a coverage table: counts, and both rates always. ``shown`` False: members are a small cell."""

    label: str
    unit: Unit | None
    count: CoverageCount
    shown: bool
    formed: Rate
    joined_in: Rate
    joined_all: Rate
    effective: Rate


@dataclass(frozen=True, slots=True)
class Totals:
    """What is said of the whole unit: the line, density, members in effective unions, and how joining keeps."""

    line: Line
    density: Rate | None
    members_effective: Rate | None
    retention: Rate | None


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """Coverage of a unit as of a day. ``totals`` None: nothing was computed for it yet."""

    unit: Unit
    day: date | None
    made: datetime | None
    scope: CoverageScope | None
    totals: Totals | None
    children: tuple[Line, ...]
    following: str
    axes: tuple[tuple[str, str, tuple[Line, ...]], ...]


def scope_of(path: str, on: date) -> CoverageScope | None:
    """The statement of the scope that holds at a unit: the topmost on its line; None where nobody has stated any."""
    above = [path[:end] for end in range(5, len(path) + 1, 5)]
    return (
        CoverageScope.objects.filter(Q(until__isnull=True) | Q(until__gt=on), unit__path__in=above, since__lte=on)
        .select_related("unit", "by")
        .order_by("unit__path")
        .first()
    )


def latest_day() -> CoverageDay | None:
    """The last night coverage was computed in."""
    return CoverageDay.objects.filter(kind=DayKind.NIGHTLY).order_by("-day").first()


def coverage_of(unit: Unit, *, full: bool = False) -> CoveragePage:
    """The totals alone, for other parts (the yearly table, a panel): three queries."""
    made = latest_day()
    scope = scope_of(unit.path, made.day) if made else None
    count = _total(unit, made)
    totals = _totals(count, unit, scope, full=full, freelance_hidden=True) if count else None
    return CoveragePage(unit, made.day if made else None, made.made if made else None, scope, totals, (), "", ())


def coverage_page(unit: Unit, *, full: bool = False, after: str = "") -> CoveragePage:
    """All the page of a unit shows: six queries, whatever the size. ``full``: for officers who see small cells."""
    made = latest_day()
    if made is None:
        return CoveragePage(unit, None, None, None, None, (), "", ())
    scope = scope_of(unit.path, made.day)
    own = list(CoverageCount.objects.filter(unit=unit, day=made.day).order_by("axis", "key"))
    count = next((row for row in own if row.axis == Axis.ALL), None)
    # By sector and so on a base union tells of one employer: its own officers look into the register instead.
    parts = [] if unit.kind in _CLOSED_KINDS else own
    freelance = next((row for row in parts if row.axis == Axis.EMPLOYMENT and row.key == Employment.FREELANCE), None)
    totals = (
        _totals(count, unit, scope, full=full, freelance_hidden=freelance is not None and freelance.hidden)
        if count
        else None
    )
    axes = tuple(
        (axis.value, str(axis.label), tuple(_part(row, scope, full=full) for row in parts if row.axis == axis))
        for axis in (Axis.SECTOR, Axis.OWNERSHIP, Axis.EMPLOYMENT)
    )
    children, following = _children(unit, made, scope, full=full, after=after)
    return CoveragePage(unit, made.day, made.made, scope, totals, children, following, axes)


def _children(
    unit: Unit, made: CoverageDay, scope: CoverageScope | None, *, full: bool, after: str
) -> tuple[tuple[Line, ...], str]:
    found = unit.children.order_by("label").filter(label__gt=after)[: PAGE + 1]
    units = {child.pk: child for child in found}
    counts = {
        row.unit_id: row
        for row in CoverageCount.objects.filter(unit_id__in=list(units), day=made.day, axis=Axis.ALL).order_by("pk")
    }
    listed = list(units.values())
    lines = tuple(
        _line(pick(child.name), child, counts[child.pk], scope, full=full)
        for child in listed[:PAGE]
        if child.pk in counts
    )
    return lines, listed[PAGE - 1].label if len(listed) > PAGE else ""


def _total(unit: Unit, made: CoverageDay | None) -> CoverageCount | None:
    if made is None:
        return None
    return CoverageCount.objects.filter(unit=unit, day=made.day, axis=Axis.ALL).order_by("pk").first()


def _totals(
    count: CoverageCount, unit: Unit, scope: CoverageScope | None, *, full: bool, freelance_hidden: bool
) -> Totals:
    line = _line(pick(unit.name), unit, count, scope, full=full)
    open_kind = unit.kind not in _CLOSED_KINDS
    density = effective = None
    rest = count.members - count.members_effective
    if full or (line.shown and open_kind and not freelance_hidden):
        density = rate(count.members_work, count.employees, scoped=scope is not None)
    if full or (line.shown and open_kind and not is_small(rest) and not is_small(count.members_effective)):
        effective = rate(count.members_effective, count.members)
    # Who joined in a year is a small number below the federation: it is shown to officers there.
    lost = count.joined - count.kept
    retention = None
    if full or (not unit.parent_id and line.shown and count.kept >= SMALL and not is_small(lost)):
        retention = rate(count.kept, count.joined)
    return Totals(line, density, effective, retention)


def _part(count: CoverageCount, scope: CoverageScope | None, *, full: bool) -> Line:
    label = _LABELS[count.axis].get(count.key)
    return _line(str(label) if label else _("Not attributable"), None, count, scope, full=full)


def _line(label: str, unit: Unit | None, count: CoverageCount, scope: CoverageScope | None, *, full: bool) -> Line:
    shown, scoped = full or not count.hidden, scope is not None
    if count.axis == Axis.EMPLOYMENT and count.key == Employment.FREELANCE:
        # Nobody employs freelancers: there is nothing their number could be a share of.
        none = Rate(0, 0, None, Withheld.NOBODY)
        return Line(label, unit, count, shown, none, none, none, none)
    return Line(
        label=label,
        unit=unit,
        count=count,
        shown=shown,
        formed=rate(count.formed, count.employers, scoped=scoped, least=1),
        joined_in=rate(count.members_in, count.employees_in, scoped=scoped, hidden=not shown),
        joined_all=rate(count.members_scope, count.employees, scoped=scoped, hidden=not shown),
        effective=rate(count.effective, count.unions, least=1),
    )


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The rates of the end of a year, or of the last night."""

    day: date
    line: Line


def trend_of(unit: Unit, *, full: bool = False) -> list[TrendPoint]:
    """A unit's rates at the ends of the years computed and in the last night, oldest first."""
    counts = list(CoverageCount.objects.filter(unit=unit, axis=Axis.ALL).order_by("day"))
    if not counts:
        return []
    scope = scope_of(unit.path, counts[-1].day)
    return [TrendPoint(count.day, _line(pick(unit.name), unit, count, scope, full=full)) for count in counts]


@dataclass(frozen=True, slots=True)
class Over:
    """A unit that has more members than the employers in it have workers."""

    unit: Unit
    members: int
    employees: int
    inside: bool


def over_page(path: str, limit: int = PAGE) -> list[Over]:
    """Base unions and hubs of a subtree whose rate is blocked, for the officers who can put the counts right."""
    made = latest_day()
    if made is None:
        return []
    rows = (
        CoverageCount.objects.filter(
            Q(members_in__gt=F("employees_in")) | Q(members_scope__gt=F("employees")),
            day=made.day, axis=Axis.ALL, unit__path__startswith=path,
        )
        .select_related("unit")
        .order_by("unit__path")[:limit]
    )  # fmt: skip
    return [
        Over(row.unit, row.members_in, row.employees_in, True)
        if row.members_in > row.employees_in
        else Over(row.unit, row.members_scope, row.employees, False)
        for row in rows
    ]


def union_tests_page(path: str, *, lacking: str = "", after: str = "") -> tuple[list[UnionTest], str]:
    """Base unions of a subtree with their four tests; ``lacking`` leaves those that lack this one."""
    found = UnionTest.objects.filter(
        unit__path__gte=path, unit__path__lte=path.ljust(120, "z"), unit__path__gt=after or ""
    )
    if lacking in ("in_term", "reachable", "active", "told"):
        found = found.filter(**{lacking: False})
    rows = list(found.select_related("unit").order_by("unit__path")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].unit.path if len(rows) > PAGE else ""


def all_union_tests(path: str, *, lacking: str = "") -> Iterator[UnionTest]:
    """All the unions of `union_tests_page`, page after page, for a file."""
    after = ""
    while True:
        rows, after = union_tests_page(path, lacking=lacking, after=after)
        yield from rows
        if not after:
            return


def members_hidden(unit: Unit) -> bool:
    """Whether coverage as last computed hides the unit's members: every other public page hides them, too."""
    last = CoverageCount.objects.filter(unit=unit, axis=Axis.ALL).order_by("-day").values_list("hidden", flat=True)
    return bool(last.first())
