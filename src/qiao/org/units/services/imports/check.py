"""What the rows of a table of units say of one another and of the tree: twice the same, no unit above, a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from qiao.base.problems import Problem
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit, UnitName
from qiao.org.units.rules import DEEPEST, guides, may_stand_below, takes_in
from qiao.org.units.rules.columns import (
    Field,
)

_CHUNK = 5000


@dataclass(slots=True)
class Row:
    """One row as read. ``above`` is a label; faults are (Problem, header) pairs."""

    key: int
    number: int
    label: str = ""
    name: dict[str, str] = field(default_factory=dict)
    kind: UnitKind = UnitKind.BASE
    above: str = ""
    founded: date = date.min
    sectors: list[str] = field(default_factory=list)
    headcount: int | None = None
    faults: list[tuple[Problem, str]] = field(default_factory=list)

    def as_read(self) -> dict[str, object]:
        """What is kept of the row for the confirmation."""
        return {
            "label": self.label, "name": self.name, "kind": self.kind.value, "above": self.above,
            "founded": self.founded.isoformat(), "sectors": self.sectors, "headcount": self.headcount,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A unit that stands in the tree already."""

    pk: int
    path: str
    kind: str
    founded: date
    open: bool


def check_rows(top: Unit, rows: list[Row], places: Mapping[Field, tuple[int, str]] | None = None) -> None:
    """Find the faults that stand between rows, and between rows and the tree: twins, circles, unknown or younger units
    above, kinds that do not fit. What stands below a row that is left out is left out too."""
    header = {of: name for of, (_index, name) in (places or {}).items()}
    _check_twins(rows, header.get(Field.LABEL, ""), header.get(Field.ABOVE, ""))
    wanted = {row.label for row in rows} | {row.above for row in rows} | {one for row in rows for one in row.sectors}
    known = _known(wanted, top)
    taken = _taken({row.label for row in rows})
    mine = {row.label.upper(): row for row in rows if not row.faults}
    above_column = header.get(Field.ABOVE, "")
    for row in rows:
        if row.faults:
            continue
        if row.label.upper() in taken:
            row.faults.append((Problem("The label %(label)s is taken: choose another.", label=row.label),
                               header.get(Field.LABEL, "")))  # fmt: skip
        row.above = row.above or top.label
    _check_lines(top, mine, known, above_column)
    _check_sectors(mine, known, header.get(Field.SECTOR, ""))


def _check_twins(rows: list[Row], label_column: str, above_column: str) -> None:
    """One label, one row: the same row again is left out, rows that contradict each other all are."""
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.label:
            by_label[row.label.upper()].append(row)
    for twins in by_label.values():
        if len(twins) == 1:
            continue
        first = twins[0]
        if any(row.above.upper() != first.above.upper() for row in twins):
            for row in twins:
                other = next(twin for twin in twins if twin is not row)
                row.faults.append((Problem(
                    "%(label)s has two leading units above on one date: see also row %(row)d.",
                    hint="Keep the row that is right and delete the other.", label=row.label, row=other.number,
                ), above_column))  # fmt: skip
            continue
        same = all(row.as_read() == first.as_read() for row in twins)
        for row in twins[1:] if same else twins:
            other = next(twin for twin in twins if twin is not row)
            row.faults.append((Problem("The label %(label)s stands in row %(row)d too.", label=row.label,
                                       row=other.number), label_column))  # fmt: skip


def _known(labels: set[str], top: Unit) -> dict[str, Known]:
    """Units of the tree by their label in capitals, as far as they stand at or below ``top`` (or lead a sector)."""
    found: dict[str, Known] = {}
    listed = sorted({label.upper() for label in labels if label} | {top.label.upper()})
    for start in range(0, len(listed), _CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT upper(label), id, path, kind, founded, state FROM units_unit WHERE upper(label) = ANY(%s)",
                [listed[start : start + _CHUNK]],
            )
            for label, pk, path, kind, founded, state in cursor.fetchall():
                found[label] = Known(pk, path, kind, founded, takes_in(Unit(state=state)))
    return found


def _taken(labels: set[str]) -> set[str]:
    taken: set[str] = set()
    listed = sorted({label.upper() for label in labels if label})
    for start in range(0, len(listed), _CHUNK):
        part = listed[start : start + _CHUNK]
        for model in (Unit, UnitName):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT upper(label) FROM {model._meta.db_table} WHERE upper(label) = ANY(%s)",  # noqa: S608
                    [part],
                )
                taken |= {label for (label,) in cursor.fetchall()}
    return taken


def _check_lines(top: Unit, mine: Mapping[str, Row], known: Mapping[str, Known], column: str) -> None:
    """Walk every line upwards once: circles, unknown, closed or younger units above, kinds, depth."""
    depth: dict[str, int] = {}
    for start in mine:
        line: list[str] = []
        seen: set[str] = set()
        label = start
        while label in mine and label not in depth and label not in seen:
            line.append(label)
            seen.add(label)
            label = mine[label].above.upper()
        if label in seen:
            circle = line[line.index(label) :]
            for one in circle:
                mine[one].faults.append((Problem(
                    "These units stand above each other in a circle: %(units)s.",
                    hint="One of them must stand below a unit outside the circle.",
                    units=" → ".join([*circle[:6], circle[0]]),
                ), column))  # fmt: skip
        for one in reversed(line):
            depth[one] = _check_above(top, mine[one], mine, known, depth, column)


def _check_above(
    top: Unit,
    row: Row,
    mine: Mapping[str, Row],
    known: Mapping[str, Known],
    depth: Mapping[str, int],
    column: str,
) -> int:
    """Check one row against the unit above it, which was checked before; the depth of the row's unit."""
    label = row.above.upper()
    over = mine.get(label)
    here = known.get(label)
    kind: str
    if over is not None:
        if row.faults:
            return 0
        if over.faults:
            row.faults.append((Problem("The unit above, %(label)s, is left out: see row %(row)d.", label=row.above,
                                       row=over.number), column))  # fmt: skip
            return 0
        kind, founded, level = over.kind, over.founded, depth.get(label, 0) + 1
    elif here is None or not here.path.startswith(top.path):
        row.faults.append((Problem("No unit with the label %(label)s stands here.",
                                   hint="Write the label of a unit of this table or below %(top)s.",
                                   label=row.above[:60], top=top.label), column))  # fmt: skip
        return 0
    else:
        kind, founded, level = here.kind, here.founded, len(here.path) // 5
        if not here.open:
            row.faults.append((Problem("%(unit)s takes nothing in: it is closed, closing, or not approved yet.",
                                       unit=row.above), column))  # fmt: skip
    if founded > row.founded:
        row.faults.append((Problem("The unit is older than the one above it (%(above)s): check both dates.",
                                   above=founded.isoformat()), column))  # fmt: skip
    if not may_stand_below(row.kind, kind):
        row.faults.append((Problem(
            "A unit of the kind “%(kind)s” cannot stand below one of the kind “%(above)s”.",
            kind=row.kind.value, above=kind,
        ), column))  # fmt: skip
    if level + 1 > DEEPEST:
        row.faults.append((Problem("The tree is %(most)d levels deep at most.", most=DEEPEST), column))
    return level


def _check_sectors(mine: Mapping[str, Row], known: Mapping[str, Known], column: str) -> None:
    for row in mine.values():
        if row.faults:
            continue
        for label in row.sectors:
            over, here = mine.get(label.upper()), known.get(label.upper())
            kind = over.kind if over else here.kind if here else ""
            good = (over and not over.faults) or (here and here.open)
            if not good or not guides(kind) or over is row:
                row.faults.append((Problem("No sector or industry union with the label %(label)s stands here.",
                                           label=label[:60]), column))  # fmt: skip
