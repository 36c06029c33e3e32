"""Public scorecards and the report of the loop."""

from __future__ import annotations

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    """Public scorecards and the report of the loop."""

    name = "qiao.judge.scorecards"
    label = "scorecards"

    def ready(self) -> None:
        """Declare within which time an ended task is judged."""
        from qiao.judge.scorecards.rules.settings import JUDGE_WITHIN
        from qiao.org.settings.rules import register

        register(JUDGE_WITHIN)
