"""What is done in the problem ledger."""

from __future__ import annotations

from qiao.judge.problems.services.clocks import tell_owner, tell_those_who_raised, warn_due
from qiao.judge.problems.services.deciding import (
    accept_problem,
    appeal_decline,
    decline_problem,
    decline_set_aside,
    name_owner,
)
from qiao.judge.problems.services.gathering import find_patterns, take_up_evaluation, take_up_evaluations
from qiao.judge.problems.services.mending import claim_mended, do_step, extend_remedy, plan_remedy
from qiao.judge.problems.services.raising import Given, Judgment, Raised, raise_problem, record_judgment
from qiao.judge.problems.services.rechecking import (
    close_problem,
    recheck_problem,
    reopen_problem,
    say_whether_mended,
    settle_due,
    voice_of,
)

__all__ = [
    "Given",
    "Judgment",
    "Raised",
    "accept_problem",
    "appeal_decline",
    "claim_mended",
    "close_problem",
    "decline_problem",
    "decline_set_aside",
    "do_step",
    "extend_remedy",
    "find_patterns",
    "name_owner",
    "plan_remedy",
    "raise_problem",
    "recheck_problem",
    "record_judgment",
    "reopen_problem",
    "say_whether_mended",
    "settle_due",
    "take_up_evaluation",
    "take_up_evaluations",
    "tell_owner",
    "tell_those_who_raised",
    "voice_of",
    "warn_due",
]
