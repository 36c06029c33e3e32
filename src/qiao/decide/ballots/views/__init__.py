"""Pages of votes."""

from qiao.decide.ballots.views.checking import bundle, check_receipt, download, why
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
    "desk",
    "desk_finish",
    "desk_hand_out",
    "desk_new",
    "desk_type",
    "desks",
    "download",
    "open_vote",
    "plan",
    "vote",
    "voted",
    "why",
    "withdraw",
]
