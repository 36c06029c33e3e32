from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Questionnaires, rounds, answers, frozen data."""

    name = "qiao.hear.surveys"
    label = "surveys"
