from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: base templates, components, home, desk, thread."""

    name = "qiao.web"
    label = "web"

    def ready(self) -> None:
        """Say what signing in holds of a person, and how long; let a change of keys reach its sealed secrets."""
        from qiao.base.vault.elsewhere import register_elsewhere
        from qiao.decide.consultations.queries.following import register_stations
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.web import factors, own
        from qiao.web.providers import stations

        register_stations(stations)
        register_elsewhere(factors.PLACE)
        keep(*own.RULES)
        register_own_data("web", own.own_groups)
        register_eraser("sign_in", own.forget_person)
