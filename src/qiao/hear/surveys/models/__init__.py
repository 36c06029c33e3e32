"""Questionnaires, rounds, who was invited, and the answers, which know nobody."""

from __future__ import annotations

from qiao.hear.surveys.models.answers import Answer, Invitation
from qiao.hear.surveys.models.bank import BankItem, BankUse, BankWording
from qiao.hear.surveys.models.collecting import AnswerFile, Collector
from qiao.hear.surveys.models.fielding import Burst, Call, PaperBatch, PaperSheet
from qiao.hear.surveys.models.questionnaires import DraftStep, FormDraft, FormFile, Questionnaire, QuestionnaireVersion
from qiao.hear.surveys.models.rounds import PrivacyCheck, Round
from qiao.hear.surveys.models.sealed import RoundKey, SealedAnswer

__all__ = [
    "Answer",
    "AnswerFile",
    "BankItem",
    "BankUse",
    "BankWording",
    "Burst",
    "Call",
    "Collector",
    "DraftStep",
    "FormDraft",
    "FormFile",
    "Invitation",
    "PaperBatch",
    "PaperSheet",
    "PrivacyCheck",
    "Questionnaire",
    "QuestionnaireVersion",
    "Round",
    "RoundKey",
    "SealedAnswer",
]
