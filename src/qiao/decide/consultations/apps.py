from __future__ import annotations

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Drafts opened to members, statements, opinions and their answers."""

    name = "qiao.decide.consultations"
    label = "consultations"
