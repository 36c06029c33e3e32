from __future__ import annotations

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Projects, milestones, money, evidence."""

    name = "qiao.deliver.programmes"
    label = "programmes"
