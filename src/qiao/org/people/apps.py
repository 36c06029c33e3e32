from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons and accounts."""

    name = "qiao.org.people"
    label = "people"

    def ready(self) -> None:
        """Add settings, the teller of apps below, and what can be appealed against."""
        from django.utils.translation import gettext_lazy as _

        from qiao.base.telling import register_teller
        from qiao.org.appeals.rules import register as register_appeal
        from qiao.org.people.queries.bars import own_bars
        from qiao.org.people.queries.own import own_groups
        from qiao.org.people.rules import (
            ANSWER_WITHIN,
            ASK_AGAIN,
            LINK_HOLDS,
            NUMBER_WAIT,
            register_bars,
            register_own_data,
        )
        from qiao.org.people.services import expiring
        from qiao.org.people.services.requests import APPEAL_KIND, carry_out_upheld
        from qiao.org.people.services.telling import carry_message
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(ANSWER_WITHIN, LINK_HOLDS, ASK_AGAIN, NUMBER_WAIT)
        keep(*expiring.RULES)
        register_teller(carry_message)
        register_own_data("people", own_groups)
        register_bars(own_bars)
        register_appeal(APPEAL_KIND, label=_("A refusal of what was asked about data"), on_upheld=carry_out_upheld)
