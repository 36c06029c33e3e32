"""Workers' congress: delegates, papers, sessions, votes, proposals, open affairs."""

from __future__ import annotations

from django.apps import AppConfig


class CongressConfig(AppConfig):
    """Workers' congress: delegates, papers, sessions, votes, proposals, open affairs."""

    name = "qiao.decide.congress"
    label = "congress"

    def ready(self) -> None:
        """Declare this app's settings, and what it holds of persons and forgets."""
        from qiao.decide.congress.queries.own import own_groups
        from qiao.decide.congress.rules.settings import SETTINGS
        from qiao.decide.congress.services import forgetting
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        keep(forgetting.VOTES_RULE, forgetting.NAMES_RULE, forgetting.ASKERS_RULE)
        register_own_data("congress", own_groups)
        register_eraser("congress", forgetting.forget_person)
