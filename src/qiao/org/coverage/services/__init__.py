"""Stating scopes, computing coverage, reaching out to employers, setting targets with consent."""

from __future__ import annotations

from qiao.org.coverage.services.leads import add_lead, list_employers, move_lead, plan_step
from qiao.org.coverage.services.outreach import change_campaign, end_campaign, open_campaign
from qiao.org.coverage.services.refresh import refresh_coverage, refresh_nightly
from qiao.org.coverage.services.scope import state_scope
from qiao.org.coverage.services.targets import answer_target, apply_target, change_target, set_target, withdraw_target

__all__ = [
    "add_lead",
    "answer_target",
    "apply_target",
    "change_campaign",
    "change_target",
    "end_campaign",
    "list_employers",
    "move_lead",
    "open_campaign",
    "plan_step",
    "refresh_coverage",
    "refresh_nightly",
    "set_target",
    "state_scope",
    "withdraw_target",
]
