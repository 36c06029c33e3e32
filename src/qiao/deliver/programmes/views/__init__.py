"""Pages of projects: what everybody sees, what officers do."""

from __future__ import annotations

from qiao.deliver.programmes.views.ending import claim, close, stop, verify
from qiao.deliver.programmes.views.files import board_csv, board_xlsx, calendar, evidence, project_calendar
from qiao.deliver.programmes.views.planning import board, plan, start
from qiao.deliver.programmes.views.running import answer_date, ask_date, report, spend
from qiao.deliver.programmes.views.showing import project

__all__ = [
    "answer_date",
    "ask_date",
    "board",
    "board_csv",
    "board_xlsx",
    "calendar",
    "claim",
    "close",
    "evidence",
    "plan",
    "project",
    "project_calendar",
    "report",
    "spend",
    "start",
    "stop",
    "verify",
]
