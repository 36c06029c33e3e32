"""Committees, terms, and who holds which post from when to when."""

from __future__ import annotations

from django.apps import AppConfig


class MandatesConfig(AppConfig):
    """Committees, terms, and who holds which post from when to when."""

    name = "qiao.org.mandates"
    label = "mandates"

    def ready(self) -> None:
        """Declare this app's settings."""
        from qiao.org.mandates.rules import SETTINGS
        from qiao.org.settings.rules import register

        register(*SETTINGS)
