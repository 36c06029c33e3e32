from __future__ import annotations

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Needs: common, of groups, and found by evaluation."""

    name = "qiao.hear.needs"
    label = "needs"

    def ready(self) -> None:
        """Declare how many needs count as common."""
        from qiao.hear.needs.rules import TOP_K
        from qiao.org.settings.rules import register

        register(TOP_K)
