"""Use-cases of votes."""

from qiao.decide.ballots.services.cast_ballot import cast_ballot
from qiao.decide.ballots.services.close_ballot import close_ballot
from qiao.decide.ballots.services.count_ballot import ask_count, count_ballot, run_count, start_count
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
    "cast_ballot",
    "cast_in_booth",
    "close_ballot",
    "count_ballot",
    "finish_desk",
    "give_booth_code",
    "give_paper",
    "open_ballot",
    "open_desk",
    "plan_ballot",
    "run_count",
    "shuffle_box",
    "start_count",
    "type_sheet",
    "withdraw_ballot",
]
