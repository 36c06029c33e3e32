from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """The dated tree of units."""

    name = "qiao.org.units"
    label = "units"

    def ready(self) -> None:
        """Declare the settings, and what an upheld appeal does."""
        from django.urls import reverse

        from qiao.org.appeals.rules import register as appealed
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register
        from qiao.org.units.rules.settings import ANSWER_WITHIN, CLOSING_WITHIN, COMMITTEE_REQUIRED_AT
        from qiao.org.units.services.approve import APPEAL_KIND, set_refusal_aside
        from qiao.org.units.services.imports.expiring import STAGING_RULE

        keep(STAGING_RULE)
        register(COMMITTEE_REQUIRED_AT, ANSWER_WITHIN, CLOSING_WITHIN)
        appealed(
            APPEAL_KIND,
            label=_("Refusal of a unit"),
            on_upheld=set_refusal_aside,
            url=lambda code: reverse("units:unit", args=[code]),
        )
