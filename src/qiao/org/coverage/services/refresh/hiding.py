"""Marking the rows of a day that the public is not shown, from the top of the tree down.

Members of unions at employers, with the employees there as what they cannot exceed, and other members are protected
in two tables each: the totals of a unit's children in one line, and children by the keys of an axis. A row is hidden
where either table hides it. What is hidden above is hidden below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from django.db.backends.utils import CursorWrapper

from qiao.org.coverage.choices import Axis
from qiao.org.units.choices import UnitKind
from qiao_stats.disclosure import ORDINARY, suppress, suppress_line

Mask = npt.NDArray[np.bool_]
#: Units whose rows by sector, ownership and employment are shown to nobody but officers: they tell of one employer.
CLOSED_KINDS = (UnitKind.BASE.value, UnitKind.JOINT_BASE.value)


@dataclass(slots=True)
class _Row:
    """What of a row is protected."""

    key: int
    unit: int
    parent: int
    part: str
    inside: int
    inside_of: int
    outside: int
    outside_of: int
    hidden: bool = False


def mark_hidden(cursor: CursorWrapper, day: date) -> int:
    """Set ``hidden`` on the rows of a day, in the caller's transaction; returns how many are hidden."""
    hidden: list[int] = []
    totals = _read(cursor, day, Axis.ALL)
    _descend(totals, rows_above=None)
    below = {unit: rows[0].hidden for unit, rows in totals.items()}
    hidden += [row.key for rows in totals.values() for row in rows if row.hidden]
    for axis in (Axis.SECTOR, Axis.OWNERSHIP, Axis.EMPLOYMENT):
        parts = _read(cursor, day, axis)
        _descend(parts, rows_above=below)
        hidden += [row.key for rows in parts.values() for row in rows if row.hidden]
    for start in range(0, len(hidden), 10_000):
        cursor.execute(
            "UPDATE coverage_coveragecount SET hidden = TRUE WHERE id = ANY(%s)", [hidden[start : start + 10_000]]
        )
    # Rows by sector, ownership and employment of base unions tell of single employers: officers only.
    cursor.execute(
        "UPDATE coverage_coveragecount c SET hidden = TRUE FROM units_unit u WHERE u.id = c.unit_id AND c.day = %s"
        " AND c.axis <> 'all' AND u.kind = ANY(%s) AND NOT c.hidden",
        [day, list(CLOSED_KINDS)],
    )
    return len(hidden) + int(cursor.rowcount)


def _read(cursor: CursorWrapper, day: date, axis: Axis) -> dict[int, list[_Row]]:
    """Rows of an axis by unit, units from the top down."""
    condition = "" if axis == Axis.ALL else "AND u.kind <> ALL(%(closed)s)"
    cursor.execute(
        f"""
        SELECT c.id, c.unit_id, coalesce(u.parent_id, 0), c.key, c.members_in, c.employees_in,
               c.members - c.members_in, greatest(c.employees - c.employees_in, 0)
        FROM coverage_coveragecount c JOIN units_unit u ON u.id = c.unit_id
        WHERE c.day = %(day)s AND c.axis = %(axis)s {condition} ORDER BY length(u.path), u.path, c.key
        """,  # noqa: S608
        {"day": day, "axis": axis.value, "closed": list(CLOSED_KINDS)},
    )
    found: dict[int, list[_Row]] = defaultdict(list)
    for values in cursor.fetchall():
        found[values[1]].append(_Row(*values))
    return dict(found)


def _descend(rows: dict[int, list[_Row]], rows_above: dict[int, bool] | None) -> None:
    """Choose what is hidden, level by level. ``rows_above``: is the unit's total hidden (None: the rows are totals)."""
    children: dict[int, list[int]] = defaultdict(list)
    for unit, own in rows.items():
        children[own[0].parent].append(unit)
    for unit in list(rows):
        if rows[unit][0].parent not in rows:
            _top(rows[unit], rows_above)
    for unit in list(rows):
        if children.get(unit):
            _level(rows, unit, children[unit], rows_above)


def _top(own: list[_Row], rows_above: dict[int, bool] | None) -> None:
    """A unit without one above it: its keys add up to its total; a total stands alone."""
    if rows_above is None:
        for row in own:
            row.hidden = _small(row)
        return
    if rows_above.get(own[0].unit, False):
        _hide(own)
        return
    for inside in (True, False):
        counts, upper = _table([own], [row.part for row in own], inside=inside)
        found = suppress_line(counts[0], upper=_bounds(upper)[0])
        for row, hide in zip(own, found.hidden, strict=True):
            row.hidden = row.hidden or bool(hide)


def _level(rows: dict[int, list[_Row]], unit: int, below: Sequence[int], rows_above: dict[int, bool] | None) -> None:
    """The table of a unit's children, its own rows being the sums; what belongs to none of them is a row too."""
    own = rows[unit]
    totals = rows_above is None
    if rows_above is None:
        if own[0].hidden:
            for child in below:
                _hide(rows[child])
            return
    elif rows_above.get(unit, False):
        _hide(own)
        for child in below:
            _hide(rows[child])
        return
    parts = [row.part for row in own]
    columns_open = np.array([row.hidden for row in own])
    mask = np.zeros((len(below) + 1, len(parts)), bool)
    safe = True
    for inside in (True, False):
        counts, upper = _table([rows[child] for child in below], parts, inside=inside)
        sums, sum_upper = _table([own], parts, inside=inside)
        rest = np.maximum(sums - counts.sum(axis=0), 0)
        rest_upper = np.maximum(sum_upper - upper.sum(axis=0), rest) if inside else sum_upper
        given = np.vstack([counts, rest])
        bounds = np.vstack([upper, rest_upper])
        if totals:
            line = suppress_line(given[:, 0], upper=_bounds(bounds)[:, 0])
            mask[:, 0] |= line.hidden
            safe = safe and line.protected
            continue
        open_rows = [bool(rows_above and rows_above.get(child, False)) for child in below]
        found = suppress(
            given, upper=_bounds(bounds), forced=np.broadcast_to(columns_open, given.shape) & (given > 0),
            rows_open=[*open_rows, False], columns_open=columns_open,
        )  # fmt: skip
        mask |= found.hidden
        safe = safe and found.protected
    if not safe:
        # The sums themselves give it away: they go, too.
        _hide(own)
    for place, child in enumerate(below):
        index = {row.part: row for row in rows[child]}
        gone = not totals and bool(rows_above and rows_above.get(child, False))
        for column, part in enumerate(parts):
            row = index.get(part)
            if row is not None:
                row.hidden = row.hidden or gone or bool(mask[place, column])


def _table(
    groups: Sequence[Sequence[_Row]], parts: Sequence[str], *, inside: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Counts and upper bounds, one line a group, one column a part."""
    place = {part: column for column, part in enumerate(parts)}
    counts = np.zeros((len(groups), len(parts)), np.int64)
    upper = np.zeros((len(groups), len(parts)), np.float64)
    for line, group in enumerate(groups):
        for row in group:
            column = place[row.part]
            counts[line, column] = row.inside if inside else row.outside
            # Members outside unions at employers need not work at any employer of the list: no bound is known.
            upper[line, column] = row.inside_of if inside else np.inf
    return counts, upper


def _bounds(upper: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A bound of 0 is no bound but an employer nobody has counted."""
    return np.where(upper > 0, upper, np.inf)


def _small(row: _Row) -> bool:
    inside = row.inside > 0 and (row.inside < ORDINARY or 0 < row.inside_of < row.inside + ORDINARY)
    return inside or 0 < row.outside < ORDINARY


def _hide(rows: Sequence[_Row]) -> None:
    for row in rows:
        row.hidden = True
