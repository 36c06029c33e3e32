"""Reads of projects: one, the board, the thread, the desk."""

from __future__ import annotations

from qiao.deliver.programmes.queries.board import (
    BoardFilter,
    board,
    board_rows,
    lines_behind,
    timeline,
    totals,
    units_with_projects,
)
from qiao.deliver.programmes.queries.desk import desk_items, plannable
from qiao.deliver.programmes.queries.projects import (
    history,
    milestone_views,
    owners_within,
    project_by_code,
    projects_awaiting_judgment,
)
from qiao.deliver.programmes.queries.thread import stations

__all__ = [
    "BoardFilter",
    "board",
    "board_rows",
    "desk_items",
    "history",
    "lines_behind",
    "milestone_views",
    "owners_within",
    "plannable",
    "project_by_code",
    "projects_awaiting_judgment",
    "stations",
    "timeline",
    "totals",
    "units_with_projects",
]
