from __future__ import annotations

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Drafts opened to members, statements, opinions and their answers."""

    name = "qiao.decide.consultations"
    label = "consultations"

    def ready(self) -> None:
        """Declare the periods of consultations."""
        from django.utils.translation import gettext_lazy as _

        from qiao.decide.consultations.queries.activity import consulting_units
        from qiao.decide.consultations.queries.channels import own_codes
        from qiao.decide.consultations.queries.digest import PREFIX, opinion_lines, opinion_sources, opinion_texts
        from qiao.decide.consultations.queries.own import own_groups
        from qiao.decide.consultations.rules import ANSWER_WITHIN, HIDE_COUNTS, OPEN_DAYS, PAPERS
        from qiao.decide.consultations.rules.desk import SETTINGS
        from qiao.decide.consultations.services.erasing import WORDS_RULE
        from qiao.decide.consultations.services.forgetting import forget_person
        from qiao.decide.consultations.services.moderation import APPEAL_KIND, moderation_upheld
        from qiao.hear.needs.queries import register_texts
        from qiao.hear.needs.rules import register_source
        from qiao.org.appeals.rules import register as register_appeal
        from qiao.org.coverage.rules import register_activity
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register_activity("consultations", _("consultations and opinions"), consulting_units)
        register_source("opinions", label=_("Opinions in consultations"), collect=opinion_lines)
        register_texts(PREFIX, opinion_texts, opinion_sources)
        register_own_data("consultations", own_groups)
        register_own_data("consultation_codes", own_codes)
        register_eraser("opinion", forget_person)
        keep(WORDS_RULE)
        register(OPEN_DAYS, ANSWER_WITHIN, PAPERS, HIDE_COUNTS, *SETTINGS)
        register_appeal(APPEAL_KIND, label=_("Moderation of a statement or opinion"), on_upheld=moderation_upheld)
