from __future__ import annotations

from django.apps import AppConfig


class WorkplacesConfig(AppConfig):
    """Employers, their workplaces and headcounts."""

    name = "qiao.org.workplaces"
    label = "workplaces"
