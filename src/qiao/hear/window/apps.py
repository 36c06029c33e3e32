from __future__ import annotations

from django.apps import AppConfig


class WindowConfig(AppConfig):
    """The service window: every question, request and complaint, and what becomes of it."""

    name = "qiao.hear.window"
    label = "window"

    def ready(self) -> None:
        """Declare settings and periods; say what is held of a person; take requests into what may be appealed."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from qiao.hear.rights.rules.demand import register_demand
        from qiao.hear.window.queries.demand import asked_of_bodies
        from qiao.hear.window.queries.own import own_bars, own_groups
        from qiao.hear.window.rules.settings import SETTINGS
        from qiao.hear.window.services import refusal_set_aside
        from qiao.hear.window.services.erasing import RULES, forget_person
        from qiao.org.appeals.rules import register as register_appeal
        from qiao.org.people.rules import register_bars, register_eraser, register_own_data, register_record
        from qiao.org.retention.rules import register as register_retention
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        register_demand(asked_of_bodies)
        register_retention(*RULES)
        register_own_data("window", own_groups)
        register_bars(own_bars)
        register_eraser("request", forget_person)
        register_record("request.asker", _("Your name and contact in a request"))
        register_appeal(
            "request",
            label=_("A request that was not solved"),
            on_upheld=refusal_set_aside,
            url=lambda code: reverse("window:request", args=[code]),
        )
