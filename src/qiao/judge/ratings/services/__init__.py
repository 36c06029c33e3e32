"""Acts on ratings."""

from __future__ import annotations

from qiao.judge.ratings.services.answering import (
    Promise,
    end_rating,
    lapse_clocks,
    plan_remedies,
    recheck,
    report_remedy,
    respond,
)
from qiao.judge.ratings.services.call import (
    call_below,
    call_by_petition,
    call_rating,
    default_title,
    enter_beside,
    groups_below,
    name_officers,
    rerun_rating,
)
from qiao.judge.ratings.services.closing import close_rating
from qiao.judge.ratings.services.counting import join_key, sealed_keys
from qiao.judge.ratings.services.erasing import PAPERS_RULE, ROLL_RULE
from qiao.judge.ratings.services.opening import make_key, open_rating, register_key
from qiao.judge.ratings.services.papers import finish_papers, give_paper, given_out, type_sheet
from qiao.judge.ratings.services.petition import lapse_petition, sign_petition, start_petition, unsign_petition
from qiao.judge.ratings.services.roll import (
    APPEAL_KIND,
    appeal_objection,
    decide_objection,
    freeze_roll,
    object_to_roll,
    uphold_appeal,
)
from qiao.judge.ratings.services.voiding import declare_void
from qiao.judge.ratings.services.voting import VotedAlready, cast_vote

__all__ = [
    "APPEAL_KIND",
    "PAPERS_RULE",
    "ROLL_RULE",
    "Promise",
    "VotedAlready",
    "appeal_objection",
    "call_below",
    "call_by_petition",
    "call_rating",
    "cast_vote",
    "close_rating",
    "decide_objection",
    "declare_void",
    "default_title",
    "end_rating",
    "enter_beside",
    "finish_papers",
    "freeze_roll",
    "give_paper",
    "given_out",
    "groups_below",
    "join_key",
    "lapse_clocks",
    "lapse_petition",
    "make_key",
    "name_officers",
    "object_to_roll",
    "open_rating",
    "plan_remedies",
    "recheck",
    "register_key",
    "report_remedy",
    "rerun_rating",
    "respond",
    "sealed_keys",
    "sign_petition",
    "start_petition",
    "type_sheet",
    "unsign_petition",
    "uphold_appeal",
]
