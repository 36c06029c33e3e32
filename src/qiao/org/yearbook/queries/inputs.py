"""The sheet of inputs for need-based allocation: computed and entered, missing ones marked (handbook C24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qiao.org.coverage.choices import Axis as CoverageAxis
from qiao.org.coverage.models import CoverageCount
from qiao.org.coverage.queries.pages import latest_day
from qiao.org.units.choices import WORKING, UnitKind
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import MONEY, SHOW, InputKind, InputState, TableAxis
from qiao.org.yearbook.models import AllocationInput, Edition, YearRow

#: Levels at which units are compared with one another, by the word in the address.
LEVELS: Mapping[str, tuple[UnitKind, ...]] = {
    "district": (UnitKind.DISTRICT, UnitKind.SECTOR),
    "hub": (UnitKind.HUB,),
    "base": (UnitKind.BASE, UnitKind.JOINT_BASE),
}
#: Rows of one page; the file holds all.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One unit's inputs; None is missing: the allocation takes the median of the level and marks it, never 0.

    ``per_officer``: members ÷ full-time officers. ``gap``: 1 − members ÷ all employees in scope. ``remoteness``,
    ``per_member`` and ``aid_files`` are entered, so the unit may contest them.
    """

    unit: Unit
    members: int | None
    per_officer: float | None
    gap: float | None
    remoteness: AllocationInput | None
    per_member: AllocationInput | None
    aid_files: AllocationInput | None

    @property
    def contested(self) -> bool:
        """Whether the unit contests one of the entered inputs."""
        return any(
            held is not None and held.state == InputState.CONTESTED
            for held in (self.remoteness, self.per_member, self.aid_files)
        )

    @property
    def missing(self) -> int:
        """How many of the five inputs are missing."""
        known = (self.per_officer, self.gap, self.remoteness, self.per_member, self.aid_files)
        return sum(value is None for value in known)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The inputs of all units of one level below a unit, with the days the computed ones are of."""

    unit: Unit
    level: str
    rows: tuple[SheetRow, ...]
    total: int
    edition: Edition | None
    coverage_day: date | None

    @property
    def complete(self) -> int:
        """Rows without a missing input."""
        return sum(row.missing == 0 for row in self.rows)


def sheet_of(unit: Unit, level: str, *, limit: int | None = SHOWN) -> Sheet:
    """The sheet of a level below a unit: six queries. Raises KeyError for another level."""
    found = Unit.objects.filter(path__startswith=unit.path, kind__in=LEVELS[level], state__in=WORKING).order_by("path")
    units = list(found[:limit])
    edition = Edition.objects.order_by("-year").first()
    made = latest_day()
    keys = [one.pk for one in units]
    figures = {
        row.unit_id: row
        for row in YearRow.objects.filter(edition=edition, axis=TableAxis.PLACE, unit_id__in=keys).order_by("pk")
    }
    counts = CoverageCount.objects.filter(day=made.day, axis=CoverageAxis.ALL, unit_id__in=keys) if made else None
    gaps = {row.unit_id: row for row in counts.order_by("pk")} if counts is not None else {}
    entered: dict[tuple[int, str], AllocationInput] = {
        (row.unit_id, row.kind): row
        for row in AllocationInput.objects.filter(unit_id__in=keys).exclude(state=InputState.REPLACED).order_by("pk")
    }
    rows = tuple(
        SheetRow(
            unit=one,
            members=_members(figures.get(one.pk)),
            per_officer=_per_officer(figures.get(one.pk)),
            gap=_gap(gaps.get(one.pk)),
            remoteness=entered.get((one.pk, InputKind.REMOTENESS)),
            per_member=entered.get((one.pk, InputKind.PER_MEMBER)),
            aid_files=entered.get((one.pk, InputKind.AID_FILES)),
        )
        for one in units
    )
    total = len(units) if limit is None else found.count()
    return Sheet(unit, level, rows, total, edition, made.day if made else None)


def _members(row: YearRow | None) -> int | None:
    return None if row is None or "members" in row.hidden else int(row.figures.get("members", 0))


def _per_officer(row: YearRow | None) -> float | None:
    """Members per full-time officer; None where there is no such officer, or the members are a small cell."""
    members = _members(row)
    officers = row.figures.get("full_time", 0) if row else 0
    return members / officers if members is not None and officers else None


def _gap(row: CoverageCount | None) -> float | None:
    """1 − members in scope ÷ all employees; None without employees, for small cells, and where it would be below 0."""
    if row is None or row.hidden or not row.employees or row.members_scope > row.employees:
        return None
    return 1 - row.members_scope / row.employees


def inputs_of(unit: Unit) -> list[AllocationInput]:
    """All inputs entered for a unit, those that hold first, then the latest."""
    rows = AllocationInput.objects.filter(unit=unit).select_related("entered_by", "contested_by", "decided_by")
    return sorted(rows.order_by("kind", "-day", "-pk"), key=lambda row: row.state == InputState.REPLACED)


def input_by_id(unit: Unit, key: int) -> AllocationInput:
    """One input of the unit; raises AllocationInput.DoesNotExist."""
    return AllocationInput.objects.select_related("unit").get(pk=key, unit=unit)


@dataclass(frozen=True, slots=True)
class BaseShare:
    """Money spent at the base ÷ budget of a unit, with the year both are of."""

    total: Decimal
    at_base: Decimal
    day: date

    @property
    def share(self) -> float:
        """From 0 to 1; above 1 where the two numbers do not fit: shown, not cut."""
        return float(self.at_base / self.total)


def base_share(unit: Unit) -> BaseShare | None:
    """How much of the unit's budget reaches the base; None unless both numbers are entered for the same year."""
    held = {
        row.kind: row
        for row in AllocationInput.objects.filter(unit=unit, kind__in=MONEY)
        .exclude(state=InputState.REPLACED)
        .order_by("pk")
    }
    total, part = held.get(InputKind.BUDGET), held.get(InputKind.AT_BASE)
    if total is None or part is None or not total.value or total.day.year != part.day.year:
        return None
    return BaseShare(total.value, part.value, min(total.day, part.day))


@dataclass(frozen=True, slots=True)
class ShowSpending:
    """Money of one year spent on shows and on rights and aid, summed over the units that entered both."""

    year: int
    shows: Decimal
    rights_aid: Decimal
    units: int

    @property
    def ratio(self) -> float | None:
        """Shows ÷ rights and aid; None where nothing was spent on the latter."""
        return float(self.shows / self.rights_aid) if self.rights_aid else None


def show_spending(path: str) -> dict[int, ShowSpending]:
    """By year, below a path. The last number entered for a year holds, contested or not.

    A unit below one that is counted is left out: the accounts of the upper one hold its own.
    """
    rows = AllocationInput.objects.filter(kind__in=SHOW, unit__path__startswith=path).order_by("pk")
    held: dict[int, dict[str, dict[str, Decimal]]] = {}
    for row in rows.values("unit__path", "kind", "day__year", "value"):
        held.setdefault(row["day__year"], {}).setdefault(row["unit__path"], {})[row["kind"]] = row["value"]
    found = {}
    for year, units in held.items():
        counted: list[str] = []
        for unit in sorted(unit for unit, values in units.items() if len(values) == len(SHOW)):
            if not (counted and unit.startswith(counted[-1])):
                counted.append(unit)
        if counted:
            shows, rights = (sum((units[unit][kind] for unit in counted), Decimal(0)) for kind in SHOW)
            found[year] = ShowSpending(year, shows, rights, len(counted))
    return found
