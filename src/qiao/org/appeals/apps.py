from __future__ import annotations

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals against refusals, decided by somebody else."""

    name = "qiao.org.appeals"
    label = "appeals"

    def ready(self) -> None:
        """Declare the clocks."""
        from qiao.org.appeals.rules import DECIDE_WITHIN, FILE_WITHIN, SECOND_WITHIN
        from qiao.org.settings.rules import register

        register(DECIDE_WITHIN, FILE_WITHIN, SECOND_WITHIN)
