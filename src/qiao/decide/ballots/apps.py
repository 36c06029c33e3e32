from __future__ import annotations

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """Secret votes of members, and the rounds of practical deeds that lead to them."""

    name = "qiao.decide.ballots"
    label = "ballots"

    def ready(self) -> None:
        """Declare how long a vote may be challenged, and what is destroyed afterwards."""
        from qiao.decide.ballots.queries.own import own_groups
        from qiao.decide.ballots.rules import CHALLENGE_PERIOD, DEED_SETTINGS
        from qiao.decide.ballots.services import erasing
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(CHALLENGE_PERIOD, *DEED_SETTINGS)
        register_own_data("ballots", own_groups)
        register_eraser("idea", erasing.forget_person)
        keep(erasing.PAPERS_RULE, erasing.ROLL_RULE, erasing.AUTHORS_RULE)
