from __future__ import annotations

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Outreach to employers, coverage and its targets."""

    name = "qiao.org.coverage"
    label = "coverage"
