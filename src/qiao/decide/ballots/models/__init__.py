"""Tables of votes, and of the rounds of practical deeds that lead to them."""

from qiao.decide.ballots.models.deeds import DeedRound, Idea
from qiao.decide.ballots.models.votes import (
    Ballot,
    BallotItem,
    BoothCode,
    Cast,
    Desk,
    Paper,
    ResultFile,
    RollEntry,
    Sheet,
)

__all__ = [
    "Ballot",
    "BallotItem",
    "BoothCode",
    "Cast",
    "DeedRound",
    "Desk",
    "Idea",
    "Paper",
    "ResultFile",
    "RollEntry",
    "Sheet",
]
