from __future__ import annotations

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Secret budget votes."""

    name = "qiao.decide.ballots"
    label = "ballots"
