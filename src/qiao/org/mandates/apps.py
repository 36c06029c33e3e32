"""Committees, terms, and who holds which post from when to when."""

from __future__ import annotations

from django.apps import AppConfig


class MandatesConfig(AppConfig):
    """Committees, terms, and who holds which post from when to when."""

    name = "qiao.org.mandates"
    label = "mandates"

    def ready(self) -> None:
        """Declare this app's settings, and what it holds of persons."""
        from qiao.org.mandates.queries.own import own_bars, own_groups
        from qiao.org.mandates.rules import SETTINGS
        from qiao.org.mandates.services.forgetting import forget_person
        from qiao.org.people.rules import register_bars, register_eraser, register_own_data
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        register_own_data("mandates", own_groups)
        register_bars(own_bars)
        register_eraser("mandate", forget_person)
