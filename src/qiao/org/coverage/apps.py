"""Outreach to employers, coverage and its targets."""

from __future__ import annotations

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Outreach to employers, coverage and its targets."""

    name = "qiao.org.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Declare the settings, and what counts as activity here."""
        from django.utils.translation import gettext_lazy as _

        from qiao.org.coverage.queries.elected import electing_units
        from qiao.org.coverage.rules import register_activity
        from qiao.org.coverage.rules.settings import SETTINGS
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        register_activity("elections", _("elections"), electing_units)
