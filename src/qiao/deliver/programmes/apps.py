from __future__ import annotations

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Projects, milestones, money, evidence."""

    name = "qiao.deliver.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Say which unions worked on projects."""
        from django.utils.translation import gettext_lazy as _

        from qiao.deliver.programmes.queries.activity import working_units
        from qiao.org.coverage.rules import register_activity

        register_activity("projects", _("projects"), working_units)
