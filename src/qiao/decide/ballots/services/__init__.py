"""Use-cases of budget votes."""

from qiao.decide.ballots.services.cast_ballot import cast_ballot
from qiao.decide.ballots.services.close_ballot import close_ballot
from qiao.decide.ballots.services.count_ballot import count_ballot
from qiao.decide.ballots.services.open_ballot import open_ballot
from qiao.decide.ballots.services.plan_ballot import plan_ballot
from qiao.decide.ballots.services.shuffle_box import shuffle_box
from qiao.decide.ballots.services.withdraw_ballot import withdraw_ballot

__all__ = [
    "cast_ballot",
    "close_ballot",
    "count_ballot",
    "open_ballot",
    "plan_ballot",
    "shuffle_box",
    "withdraw_ballot",
]
