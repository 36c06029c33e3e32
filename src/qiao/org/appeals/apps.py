from __future__ import annotations

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals against refusals, decided by somebody else."""

    name = "qiao.org.appeals"
    label = "appeals"
