"""Members judge their union: the rating ballot."""

from __future__ import annotations

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Members judge their union: the rating ballot."""

    name = "qiao.judge.ratings"
    label = "ratings"

    def ready(self) -> None:
        """Declare settings, what is erased, what a person is given of their own, and what may be appealed against."""
        from django.utils.translation import gettext_lazy as _

        from qiao.judge.ratings.queries.own import own_groups
        from qiao.judge.ratings.queries.reading import objection_url
        from qiao.judge.ratings.rules.settings import ALL
        from qiao.judge.ratings.services import APPEAL_KIND, PAPERS_RULE, ROLL_RULE, uphold_appeal
        from qiao.org.appeals.rules import register as appealable
        from qiao.org.people.rules import register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(*ALL)
        keep(PAPERS_RULE, ROLL_RULE)
        register_own_data("ratings", own_groups)
        appealable(
            APPEAL_KIND, label=_("Objection to the roll of a rating"), on_upheld=uphold_appeal, url=objection_url
        )
