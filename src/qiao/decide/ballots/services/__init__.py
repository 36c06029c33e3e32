"""Use-cases of votes."""

from qiao.decide.ballots.services.cast_ballot import cast_ballot
from qiao.decide.ballots.services.close_ballot import close_ballot
from qiao.decide.ballots.services.count_ballot import ask_count, count_ballot, run_count, start_count
from qiao.decide.ballots.services.deed_rules import report_deeds
from qiao.decide.ballots.services.deeds import (
    carry_over,
    check_idea,
    file_idea,
    merge_ideas,
    move_deeds,
    plan_deeds,
    start_deed_vote,
)
from qiao.decide.ballots.services.desks import (
    cast_in_booth,
    finish_desk,
    give_booth_code,
    give_paper,
    open_desk,
    type_sheet,
)
from qiao.decide.ballots.services.open_ballot import open_ballot
from qiao.decide.ballots.services.plan_ballot import plan_ballot
from qiao.decide.ballots.services.put_paper import VotedAlready
from qiao.decide.ballots.services.shuffle_box import shuffle_box
from qiao.decide.ballots.services.withdraw_ballot import withdraw_ballot

__all__ = [
    "VotedAlready",
    "ask_count",
    "carry_over",
    "cast_ballot",
    "cast_in_booth",
    "check_idea",
    "close_ballot",
    "count_ballot",
    "file_idea",
    "finish_desk",
    "give_booth_code",
    "give_paper",
    "merge_ideas",
    "move_deeds",
    "open_ballot",
    "open_desk",
    "plan_ballot",
    "plan_deeds",
    "report_deeds",
    "run_count",
    "shuffle_box",
    "start_count",
    "start_deed_vote",
    "type_sheet",
    "withdraw_ballot",
]
