from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons and accounts."""

    name = "qiao.org.people"
    label = "people"

    def ready(self) -> None:
        """Add settings, the teller of apps below, and what can be appealed against."""
        from qiao.base.telling import register_teller
        from qiao.org.people.rules import ANSWER_WITHIN, ASK_AGAIN, LINK_HOLDS
        from qiao.org.people.services.telling import carry_message
        from qiao.org.settings.rules import register

        register(ANSWER_WITHIN, LINK_HOLDS, ASK_AGAIN)
        register_teller(carry_message)
