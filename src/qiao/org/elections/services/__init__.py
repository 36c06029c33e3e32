"""Planning, calling, holding, filing and confirming elections; petitions of members; reminders."""

from __future__ import annotations

from qiao.org.elections.services.decide import confirm_result, return_result
from qiao.org.elections.services.hold import file_result, hold_election
from qiao.org.elections.services.petitions import (
    call_meeting,
    confirm_meeting,
    expire_petitions,
    hold_meeting,
    sign_petition,
    start_petition,
)
from qiao.org.elections.services.prepare import (
    call_election,
    nominate,
    plan_election,
    withdraw_candidate,
    withdraw_election,
)
from qiao.org.elections.services.remind import remind_terms, tell_called, tell_reminder

__all__ = [
    "call_election",
    "call_meeting",
    "confirm_meeting",
    "confirm_result",
    "expire_petitions",
    "file_result",
    "hold_election",
    "hold_meeting",
    "nominate",
    "plan_election",
    "remind_terms",
    "return_result",
    "sign_petition",
    "start_petition",
    "tell_called",
    "tell_reminder",
    "withdraw_candidate",
    "withdraw_election",
]
