"""Tables of the workers' congress."""

from __future__ import annotations

from qiao.decide.congress.models.affairs import Affair, Breach, Question, ReplyLink
from qiao.decide.congress.models.proposals import DelegateProposal, Proposer, Second
from qiao.decide.congress.models.sessions import (
    Attendance,
    Item,
    ItemOption,
    MeetingPaper,
    Session,
    VoteMark,
    VotePaper,
)
from qiao.decide.congress.models.terms import CallSign, Congress, Constituency, Delegate, MeetingCall

__all__ = [
    "Affair",
    "Attendance",
    "Breach",
    "CallSign",
    "Congress",
    "Constituency",
    "Delegate",
    "DelegateProposal",
    "Item",
    "ItemOption",
    "MeetingCall",
    "MeetingPaper",
    "Proposer",
    "Question",
    "ReplyLink",
    "Second",
    "Session",
    "VoteMark",
    "VotePaper",
]
