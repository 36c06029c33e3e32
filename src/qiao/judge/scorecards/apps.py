"""Public scorecards and the report of the loop."""

from __future__ import annotations

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    """Public scorecards and the report of the loop."""

    name = "qiao.judge.scorecards"
    label = "scorecards"
