"""The problem ledger: what was found, who mends it, who checks again."""

from __future__ import annotations

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """The problem ledger: what was found, who mends it, who checks again."""

    name = "qiao.judge.problems"
    label = "problems"
