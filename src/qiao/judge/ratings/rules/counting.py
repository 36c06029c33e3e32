"""From opened ballots to published counts and shares. The page, the bundle and `qiao verify` share this.

A vote of all members has no sampling margin: shares are those of the members who voted, with the turnout beside.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qiao.judge.ratings.choices import Grade, VoidReason
from qiao_stats.disclosure import ORDINARY, suppress_line
from qiao_stats.trend import Change, Point, change

#: Grades in the order of the table; points left unmarked on paper count as cannot say.
ORDER = (Grade.SATISFIED, Grade.FAIRLY, Grade.NOT, Grade.CANNOT_SAY)


@dataclass(frozen=True, slots=True)
class CellCount:
    """A count as published: None where hidden; ``few`` where it is one to four itself, not hidden for another."""

    grade: Grade
    count: int | None
    few: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One point: cells in `ORDER`; ``base`` those who graded; shares of the base, None where not printed.

    ``at_least``: where fewer than five were not satisfied and their number is hidden, the share that is surely
    satisfied or fairly so.
    """

    point: str
    cells: tuple[CellCount, ...]
    base: int | None
    satisfied: float | None
    top: float | None
    at_least: float | None


@dataclass(frozen=True, slots=True)
class Counts:
    """All opened ballots: ``valid`` ones grade at least one point; counts per point in `ORDER`."""

    valid: int
    by_point: Mapping[str, tuple[int, ...]]


def count(ballots: Iterable[Mapping[str, str]], points: Sequence[str]) -> Counts:
    """Count ballots; those that grade nothing are not valid and count nowhere."""
    tally: dict[str, Counter[str]] = {point: Counter() for point in points}
    valid = 0
    for ballot in ballots:
        if not any(ballot.get(point) in Grade.values for point in points):
            continue
        valid += 1
        for point in points:
            tally[point][ballot.get(point) or Grade.CANNOT_SAY] += 1
    return Counts(valid, {point: tuple(tally[point][grade] for grade in ORDER) for point in points})


def publish(counts: Counts) -> list[Line]:
    """What may be published: counts from one to four are hidden, with a second one so that none can be had back."""
    lines = []
    for point, row in counts.by_point.items():
        if counts.valid < ORDINARY:
            cells = tuple(CellCount(grade, None) for grade in ORDER)
        else:
            found = suppress_line(row)
            cells = tuple(
                CellCount(grade, None if found.hidden[place] else row[place], bool(found.sensitive[place]))
                for place, grade in enumerate(ORDER)
            )
        lines.append(line_of(point, cells, counts.valid))
    return lines


def line_of(point: str, cells: Sequence[CellCount], valid: int) -> Line:
    """The shares that follow from published cells: those whose parts are all published and whose base is no few."""
    by = {cell.grade: cell for cell in cells}
    unknown = by[Grade.CANNOT_SAY].count
    base = None if unknown is None else valid - unknown
    if base is None or base < ORDINARY:
        return Line(point, tuple(cells), base if base is None or base >= ORDINARY else None, None, None, None)
    top, below = by[Grade.SATISFIED].count, by[Grade.NOT]
    return Line(
        point=point,
        cells=tuple(cells),
        base=base,
        satisfied=None if below.count is None else (base - below.count) / base,
        top=None if top is None else top / base,
        at_least=(base - (ORDINARY - 1)) / base if below.few else None,
    )


def is_poor(line: Line, below: float) -> bool:
    """Whether a point is poor: its printed share of satisfied members lies under the line."""
    return line.satisfied is not None and line.satisfied < below


def why_void(
    *, valid: int, roll: int, voted: int, frontline: int, min_turnout: float, min_frontline: float
) -> VoidReason | None:
    """Why a counted rating is void, or None. ``frontline``: front-line members among the ``voted``, from the roll."""
    if valid > roll or voted > roll or valid > voted:
        return VoidReason.MISMATCH
    # Compared as counts: 60 % of 15 are 9, whatever binary fractions make of it.
    if valid < math.ceil(round(min_turnout * roll, 9)):
        return VoidReason.TURNOUT
    if frontline < math.ceil(round(min_frontline * voted, 9)):
        return VoidReason.FRONTLINE
    return None


def changed(point: str, before: tuple[str, Line], after: tuple[str, Line]) -> Change | None:
    """The change of the satisfied share between two ratings (name, line), as though voters had been drawn.

    None where either share is not printed or nobody could differ.
    """
    points = []
    for name, line in (before, after):
        if line.satisfied is None or line.base is None:
            return None
        share = line.satisfied
        points.append(Point(name, share, math.sqrt(share * (1 - share) / line.base), line.base - 1))
    if points[0].se == 0 and points[1].se == 0:
        return None
    return change(point, points[0], points[1])
