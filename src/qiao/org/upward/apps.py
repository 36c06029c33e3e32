from __future__ import annotations

from django.apps import AppConfig


class UpwardConfig(AppConfig):
    """Requests and reports upward, and the register of what is asked of the base."""

    name = "qiao.org.upward"
    label = "upward"

    def ready(self) -> None:
        """Add the app's settings to those a federation may change."""
        from qiao.org.settings.rules import register
        from qiao.org.upward.rules.settings import SETTINGS

        register(*SETTINGS)
