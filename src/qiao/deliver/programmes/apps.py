from __future__ import annotations

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Projects, milestones, money, evidence."""

    name = "qiao.deliver.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Say which unions worked on projects, and what the loop report counts."""
        from django.utils.translation import gettext_lazy as _

        from qiao.deliver.programmes.queries.activity import working_units
        from qiao.deliver.programmes.queries.loop import loop_tasks
        from qiao.hear.needs.rules import register_tasks
        from qiao.org.coverage.rules import register_activity

        register_tasks(loop_tasks)
        register_activity("projects", _("projects"), working_units)
