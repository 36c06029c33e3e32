"""Pages of votes."""

from qiao.decide.ballots.views.checking import bundle, check_receipt, download, why
from qiao.decide.ballots.views.deeds import (
    deeds,
    deeds_board,
    deeds_carry,
    deeds_move,
    deeds_new,
    deeds_report,
    deeds_vote,
    idea,
    idea_check,
    idea_new,
    ideas_merge,
)
from qiao.decide.ballots.views.desks import booth, desk, desk_finish, desk_hand_out, desk_new, desk_type, desks
from qiao.decide.ballots.views.running import ballot, board, count, open_vote, plan, withdraw
from qiao.decide.ballots.views.voting import vote, voted

__all__ = [
    "ballot",
    "board",
    "booth",
    "bundle",
    "check_receipt",
    "count",
    "deeds",
    "deeds_board",
    "deeds_carry",
    "deeds_move",
    "deeds_new",
    "deeds_report",
    "deeds_vote",
    "desk",
    "desk_finish",
    "desk_hand_out",
    "desk_new",
    "desk_type",
    "desks",
    "download",
    "idea",
    "idea_check",
    "idea_new",
    "ideas_merge",
    "open_vote",
    "plan",
    "vote",
    "voted",
    "why",
    "withdraw",
]
