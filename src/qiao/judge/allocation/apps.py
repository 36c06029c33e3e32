"""Need-based allocation."""

from __future__ import annotations

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """Need-based allocation."""

    name = "qiao.judge.allocation"
    label = "allocation"

    def ready(self) -> None:
        """Declare the weights and the limit of change."""
        from qiao.judge.allocation.rules.settings import ALL
        from qiao.org.settings.rules import register

        register(*ALL)
