"""The problem ledger: what was found, who mends it, who checks again."""

from __future__ import annotations

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """The problem ledger: what was found, who mends it, who checks again."""

    name = "qiao.judge.problems"
    label = "problems"

    def ready(self) -> None:
        """Declare clocks and periods, what is held of a person, and that a decline may be appealed against."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from qiao.judge.problems.queries.own import own_groups
        from qiao.judge.problems.rules.settings import SETTINGS
        from qiao.judge.problems.services.deciding import decline_set_aside
        from qiao.judge.problems.services.erasing import VOICES_RULE, forget_person
        from qiao.judge.problems.services.gathering import take_up_rating
        from qiao.judge.ratings.rules.poor import on_poor_rating
        from qiao.org.appeals.rules import register as register_appeal
        from qiao.org.people.rules import register_eraser, register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(*SETTINGS)
        keep(VOICES_RULE)
        register_own_data("problems", own_groups)
        register_eraser("problems", forget_person)
        on_poor_rating(take_up_rating)
        register_appeal(
            "problem",
            label=_("A problem that was not taken on"),
            on_upheld=decline_set_aside,
            url=lambda code: reverse("problems:problem", args=[code]),
        )
