"""Consultations: a text in numbered clauses, statements to vote on, opinions, answers."""

from __future__ import annotations

from qiao.decide.consultations.models.channels import Move, Sheet, Slip, Stack, Voice
from qiao.decide.consultations.models.desk import AnswerTemplate, Assignment, Suggestion, SuggestionRun
from qiao.decide.consultations.models.moderation import ModerationAct, Submission
from qiao.decide.consultations.models.opinions import Answer, Opinion, OpinionGroup
from qiao.decide.consultations.models.pictures import MapPicture, StatementWeights
from qiao.decide.consultations.models.statements import Statement, Vote
from qiao.decide.consultations.models.texts import Clause, Consultation, ConsultedProposal, Intake, TextVersion

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Assignment",
    "Clause",
    "Consultation",
    "ConsultedProposal",
    "Intake",
    "MapPicture",
    "ModerationAct",
    "Move",
    "Opinion",
    "OpinionGroup",
    "Sheet",
    "Slip",
    "Stack",
    "Statement",
    "StatementWeights",
    "Submission",
    "Suggestion",
    "SuggestionRun",
    "TextVersion",
    "Voice",
    "Vote",
]
