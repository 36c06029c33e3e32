from __future__ import annotations

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Sealed evaluation by those served."""

    name = "qiao.judge.evaluations"
    label = "evaluations"

    def ready(self) -> None:
        """Declare the clocks of evaluations."""
        from qiao.judge.evaluations.rules.states import RESPONSE_DAYS
        from qiao.org.settings.rules import register

        register(RESPONSE_DAYS)
