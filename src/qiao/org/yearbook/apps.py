"""The yearly table and the inputs of need-based allocation, computed."""

from __future__ import annotations

from django.apps import AppConfig


class YearbookConfig(AppConfig):
    """The yearly table and the inputs of need-based allocation, computed."""

    name = "qiao.org.yearbook"
    label = "yearbook"

    def ready(self) -> None:
        """Register the settings."""
        from qiao.org.settings.rules import register
        from qiao.org.yearbook.rules.settings import ASSURER, ASSURER_ABOVE, ASSURER_WITHIN

        register(ASSURER, ASSURER_ABOVE, ASSURER_WITHIN)
