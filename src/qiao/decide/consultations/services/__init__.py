"""Use-cases of consultations."""

from __future__ import annotations

from qiao.decide.consultations.services.answer import add_addendum, answer_opinions, finish_answers
from qiao.decide.consultations.services.draft import draft_consultation, redraft_consultation, revise_text
from qiao.decide.consultations.services.run import (
    close_consultation,
    extend_consultation,
    move_due,
    notice_consultation,
    open_consultation,
    withdraw_consultation,
)
from qiao.decide.consultations.services.sort import (
    contest_grouping,
    dissolve_group,
    group_opinions,
    withhold_opinion,
)
from qiao.decide.consultations.services.take_part import submit_opinion, vote_statement
from qiao.decide.consultations.services.tell import tell_opinion

__all__ = [
    "add_addendum",
    "answer_opinions",
    "close_consultation",
    "contest_grouping",
    "dissolve_group",
    "draft_consultation",
    "extend_consultation",
    "finish_answers",
    "group_opinions",
    "move_due",
    "notice_consultation",
    "open_consultation",
    "redraft_consultation",
    "revise_text",
    "submit_opinion",
    "tell_opinion",
    "vote_statement",
    "withdraw_consultation",
    "withhold_opinion",
]
