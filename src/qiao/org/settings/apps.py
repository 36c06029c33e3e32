from __future__ import annotations

from django.apps import AppConfig


class SettingsConfig(AppConfig):
    """Settings of units: dated, inherited along the place axis."""

    name = "qiao.org.settings"
    label = "unit_settings"
