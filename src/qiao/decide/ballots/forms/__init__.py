"""Forms of votes and of rounds of practical deeds."""

from qiao.decide.ballots.forms.deeds import CheckForm, DeedForm, IdeaForm, ReportForm, VoteDatesForm
from qiao.decide.ballots.forms.votes import (
    BoothForm,
    DeskForm,
    FinishForm,
    PlanForm,
    ReceiptForm,
    VoteForm,
    WithdrawForm,
)

__all__ = [
    "BoothForm",
    "CheckForm",
    "DeedForm",
    "DeskForm",
    "FinishForm",
    "IdeaForm",
    "PlanForm",
    "ReceiptForm",
    "ReportForm",
    "VoteDatesForm",
    "VoteForm",
    "WithdrawForm",
]
