"""The published figures of a rating, from its published counts."""

from __future__ import annotations

from qiao.judge.ratings.choices import Grade
from qiao.judge.ratings.models import Rating
from qiao.judge.ratings.rules.counting import CellCount, Line, is_poor, line_of


def lines_of(rating: Rating) -> list[Line]:
    """One line for each point; [] without a result. One query."""
    rows: dict[str, list[CellCount]] = {}
    for cell in rating.cells.order_by("pk"):
        rows.setdefault(cell.point, []).append(CellCount(Grade(cell.grade), cell.count, cell.few))
    return [line_of(point, cells, rating.turnout or 0) for point, cells in rows.items()]


def poor_points(rating: Rating) -> list[str]:
    """Points whose printed share lies under the rating's line."""
    return [line.point for line in lines_of(rating) if is_poor(line, rating.poor_below)]
