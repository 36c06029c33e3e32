from __future__ import annotations

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """Joining: own application, check, decision, notice."""

    name = "qiao.org.joining"
    label = "joining"

    def ready(self) -> None:
        """Declare the settings of joining; take refusals into the list of what may be appealed against."""
        from django.utils.translation import gettext_lazy as _

        from qiao.org.appeals.rules import register as register_appeal
        from qiao.org.joining.queries.own import own_bars, own_groups
        from qiao.org.joining.rules import settings as own
        from qiao.org.joining.services import refusal_set_aside
        from qiao.org.joining.services.erase import RULE, forget_person
        from qiao.org.people.rules import register_bars, register_eraser, register_own_data
        from qiao.org.retention.rules import register as register_retention
        from qiao.org.settings.rules import register

        register_retention(RULE)
        register_own_data("joining", own_groups)
        register_bars(own_bars)
        register_eraser("application", forget_person)
        register_appeal("joining", label=_("A refused application to join"), on_upheld=refusal_set_aside)
        register(own.VOLUNTARY, own.ELIGIBILITY, own.AGENCY_CHOICE, own.IDENTITY_CHECK, own.DECIDE_WITHIN)
