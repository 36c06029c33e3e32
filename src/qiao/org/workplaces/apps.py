from __future__ import annotations

from django.apps import AppConfig


class WorkplacesConfig(AppConfig):
    """Employers, their workplaces and headcounts."""

    name = "qiao.org.workplaces"
    label = "workplaces"

    def ready(self) -> None:
        """Say how long staged rows are kept, and offer the employers to proposals of units."""
        from qiao.org.retention.rules import register as keep
        from qiao.org.units.rules import offer_employers
        from qiao.org.workplaces.queries import known_to_proposals
        from qiao.org.workplaces.services.expiring import STAGING_RULE

        keep(STAGING_RULE)
        offer_employers(known_to_proposals)
