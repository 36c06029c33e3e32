"""Elections of committees, and the results filed."""

from __future__ import annotations

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """Elections of committees, and the results filed."""

    name = "qiao.org.elections"
    label = "elections"

    def ready(self) -> None:
        """Declare this app's settings."""
        from qiao.org.elections.rules import SETTINGS
        from qiao.org.settings.rules import register

        register(*SETTINGS)
