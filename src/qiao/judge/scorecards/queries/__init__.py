"""Reading scorecards and the report of the loop."""

from __future__ import annotations

from qiao.judge.scorecards.queries.flags import Note, notes
from qiao.judge.scorecards.queries.judgments import (
    Awaiting,
    Carried,
    Judged,
    awaiting,
    carried_out,
    children,
    judged,
    met,
    overdue_judgments,
)
from qiao.judge.scorecards.queries.loop import loop_rows
from qiao.judge.scorecards.queries.ratings import Counted, Rated, rated, rating_counts
from qiao.judge.scorecards.queries.requests import UnitRow, request_figures, solved_by_quarter, solved_by_unit
from qiao.judge.scorecards.queries.shell import desk_doors, desk_items, unit_panels

__all__ = [
    "Awaiting",
    "Carried",
    "Counted",
    "Judged",
    "Note",
    "Rated",
    "UnitRow",
    "awaiting",
    "carried_out",
    "children",
    "desk_doors",
    "desk_items",
    "judged",
    "loop_rows",
    "met",
    "notes",
    "overdue_judgments",
    "rated",
    "rating_counts",
    "request_figures",
    "solved_by_quarter",
    "solved_by_unit",
    "unit_panels",
]
