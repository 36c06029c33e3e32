from __future__ import annotations

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """The rights library in plain words, calculators of pay, and the catalogue of services."""

    name = "qiao.hear.rights"
    label = "rights"

    def ready(self) -> None:
        """Declare the settings."""
        from qiao.hear.rights.rules.settings import SETTINGS
        from qiao.org.settings.rules import register

        register(*SETTINGS)
