"""Pages of elections, petitions and the overdue boards."""

from __future__ import annotations

from qiao.org.elections.views.boards import overdue, overdue_workbook
from qiao.org.elections.views.petitions import petition, petition_call, petition_result, petition_start
from qiao.org.elections.views.steps import (
    election,
    elections,
    nominate,
    plan,
    result,
    send_back,
    withdraw,
)

__all__ = [
    "election",
    "elections",
    "nominate",
    "overdue",
    "overdue_workbook",
    "petition",
    "petition_call",
    "petition_result",
    "petition_start",
    "plan",
    "result",
    "send_back",
    "withdraw",
]
