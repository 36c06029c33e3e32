from __future__ import annotations

from django.apps import AppConfig


class UpwardConfig(AppConfig):
    """Requests and reports upward, and the register of what is asked of the base."""

    name = "qiao.org.upward"
    label = "upward"

    def ready(self) -> None:
        """Add the app's settings to those a federation may change, and what it holds of a person."""
        from qiao.org.people.rules import register_own_data
        from qiao.org.settings.rules import register
        from qiao.org.upward.queries.own import own_groups
        from qiao.org.upward.rules.settings import SETTINGS

        register(*SETTINGS)
        register_own_data("upward", own_groups)
