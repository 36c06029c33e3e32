"""Elections of committees, and the results filed."""

from __future__ import annotations

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """Elections of committees, and the results filed."""

    name = "qiao.org.elections"
    label = "elections"

    def ready(self) -> None:
        """Declare this app's settings, and what it holds of persons."""
        from qiao.org.elections.queries.own import own_bars, own_groups
        from qiao.org.elections.rules import SETTINGS
        from qiao.org.elections.services.forgetting import RULE, forget_person
        from qiao.org.people.rules import register_bars, register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        keep(RULE)
        register_own_data("elections", own_groups)
        register_bars(own_bars)
        register_eraser("election", forget_person)
