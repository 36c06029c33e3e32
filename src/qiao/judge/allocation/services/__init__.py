"""From a budget to an audited allocation: one computes, another decides, a third closes."""

from __future__ import annotations

from qiao.judge.allocation.services.closing import audit_sheet, compare_sheet, pay_sheet
from qiao.judge.allocation.services.deciding import consult_sheet, decide_sheet, withdraw_sheet
from qiao.judge.allocation.services.making import compute_sheet, draft_sheet, publish_sheet

__all__ = [
    "audit_sheet",
    "compare_sheet",
    "compute_sheet",
    "consult_sheet",
    "decide_sheet",
    "draft_sheet",
    "pay_sheet",
    "publish_sheet",
    "withdraw_sheet",
]
