"""Consultations: a text in numbered clauses, statements to vote on, opinions, answers."""

from __future__ import annotations

from qiao.decide.consultations.models.opinions import Answer, Opinion, OpinionGroup
from qiao.decide.consultations.models.statements import Statement, Vote
from qiao.decide.consultations.models.texts import Clause, Consultation, ConsultedProposal, TextVersion

__all__ = [
    "Answer",
    "Clause",
    "Consultation",
    "ConsultedProposal",
    "Opinion",
    "OpinionGroup",
    "Statement",
    "TextVersion",
    "Vote",
]
