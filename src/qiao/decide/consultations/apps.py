from __future__ import annotations

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Drafts opened to members, statements, opinions and their answers."""

    name = "qiao.decide.consultations"
    label = "consultations"

    def ready(self) -> None:
        """Declare the periods of consultations."""
        from qiao.decide.consultations.rules import ANSWER_WITHIN, HIDE_COUNTS, OPEN_DAYS
        from qiao.org.settings.rules import register

        register(OPEN_DAYS, ANSWER_WITHIN, HIDE_COUNTS)
