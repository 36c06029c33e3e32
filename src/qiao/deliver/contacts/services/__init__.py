"""Contact duty: one use-case each."""

from __future__ import annotations

from qiao.deliver.contacts.services.issues import answer_issue, hand_over, record_outcome
from qiao.deliver.contacts.services.logging import attest_presence, log_duty
from qiao.deliver.contacts.services.planning import cancel_duty, confirm_duty, mark_overdue, plan_duty

__all__ = [
    "answer_issue",
    "attest_presence",
    "cancel_duty",
    "confirm_duty",
    "hand_over",
    "log_duty",
    "mark_overdue",
    "plan_duty",
    "record_outcome",
]
