"""Use-cases of projects: plan, start, report, spend, move dates, claim, verify, close, stop."""

from __future__ import annotations

from qiao.deliver.programmes.services.dates import answer_deadline_change, ask_deadline_change
from qiao.deliver.programmes.services.end import (
    claim_done,
    close_judged,
    close_unjudged,
    stop_project,
    verify_project,
)
from qiao.deliver.programmes.services.plan import plan_project, start_project
from qiao.deliver.programmes.services.report import report_milestone, spend

__all__ = [
    "answer_deadline_change",
    "ask_deadline_change",
    "claim_done",
    "close_judged",
    "close_unjudged",
    "plan_project",
    "report_milestone",
    "spend",
    "start_project",
    "stop_project",
    "verify_project",
]
