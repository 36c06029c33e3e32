from __future__ import annotations

from django.apps import AppConfig


class EvaluatorsConfig(AppConfig):
    """Organisations that judge from outside."""

    name = "qiao.judge.evaluators"
    label = "evaluators"
