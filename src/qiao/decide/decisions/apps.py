from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """The register of decisions."""

    name = "qiao.decide.decisions"
    label = "decisions"
