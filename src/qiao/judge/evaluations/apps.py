from __future__ import annotations

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Sealed evaluation by those served."""

    name = "qiao.judge.evaluations"
    label = "evaluations"
