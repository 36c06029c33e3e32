"""Papers upward and the register of reports: one use-case each."""

from __future__ import annotations

from qiao.org.upward.services.answer import (
    answer_paper,
    close_paper,
    read_report,
    receive_paper,
    return_paper,
    review_paper,
)
from qiao.org.upward.services.clock import chase_paper, end_silence
from qiao.org.upward.services.draft import draft_paper, issue_paper, revise_paper, withdraw_paper
from qiao.org.upward.services.register import end_demand, register_demand

__all__ = [
    "answer_paper",
    "chase_paper",
    "close_paper",
    "draft_paper",
    "end_demand",
    "end_silence",
    "issue_paper",
    "read_report",
    "receive_paper",
    "register_demand",
    "return_paper",
    "review_paper",
    "revise_paper",
    "withdraw_paper",
]
