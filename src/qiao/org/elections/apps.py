from __future__ import annotations

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """Elections of committees, and the results filed."""

    name = "qiao.org.elections"
    label = "elections"
