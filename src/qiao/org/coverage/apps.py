"""Outreach to employers, coverage and its targets."""

from __future__ import annotations

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Outreach to employers, coverage and its targets."""

    name = "qiao.org.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Declare the settings."""
        from qiao.org.coverage.rules.settings import SETTINGS
        from qiao.org.settings.rules import register

        register(*SETTINGS)
