from __future__ import annotations

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Needs: common, of groups, from free words, and found by evaluation; digests; how tasks come about."""

    name = "qiao.hear.needs"
    label = "needs"

    def ready(self) -> None:
        """Declare settings, retention, what of a person is kept, and the digest's own sources."""
        from django.utils.translation import gettext_lazy as _

        from qiao.hear.needs.queries.digests import finding_lines, need_lines, topic_lines
        from qiao.hear.needs.queries.own import own_groups
        from qiao.hear.needs.queries.requests import PREFIX, request_lines, request_texts
        from qiao.hear.needs.queries.texts import register_texts
        from qiao.hear.needs.rules import SETTINGS, register_source
        from qiao.hear.needs.services import TEXTS_RULE, forget_person
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as register_retention
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        register_retention(TEXTS_RULE)
        register_own_data("needs", own_groups)
        register_eraser("needs", forget_person)
        register_source("surveys", label=_("Surveys"), collect=need_lines)
        register_source("topics", label=_("What was said in free words"), collect=topic_lines)
        register_source("requests", label=_("Requests at the windows"), collect=request_lines)
        register_texts(PREFIX, request_texts)
        register_source("findings", label=_("Evaluations"), collect=finding_lines)
