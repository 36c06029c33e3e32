"""Questionnaires, rounds, who was invited, and the answers, which know nobody."""

from __future__ import annotations

from qiao.hear.surveys.models.answers import Answer, Invitation
from qiao.hear.surveys.models.questionnaires import Questionnaire, QuestionnaireVersion
from qiao.hear.surveys.models.rounds import Round

__all__ = ["Answer", "Invitation", "Questionnaire", "QuestionnaireVersion", "Round"]
