from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Questionnaires, rounds, answers, frozen data."""

    name = "qiao.hear.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Declare the limits of surveys and how long their answers are kept."""
        from django.utils.translation import gettext_lazy as _

        from qiao.hear.surveys import rules
        from qiao.hear.surveys.queries.activity import surveyed_units
        from qiao.hear.surveys.queries.own import own_groups
        from qiao.hear.surveys.services import erasing, receipts
        from qiao.org.coverage.rules import register_activity
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register_activity("surveys", _("surveys answered"), surveyed_units)
        register(*rules.ALL)
        register_own_data("surveys", own_groups)
        register_eraser("invitation", erasing.forget_person)
        receipts.register()
        keep(erasing.ANSWERS_RULE, erasing.INVITATIONS_RULE)
