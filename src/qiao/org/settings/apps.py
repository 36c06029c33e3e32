from __future__ import annotations

from django.apps import AppConfig


class SettingsConfig(AppConfig):
    """Settings of units: dated, inherited along the place axis."""

    name = "qiao.org.settings"
    label = "unit_settings"

    def ready(self) -> None:
        """Declare the settings every clock rests on."""
        from qiao.org.settings.rules import register
        from qiao.org.settings.rules.calendar import CALENDAR

        register(CALENDAR)
