from __future__ import annotations

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """Standing of members."""

    name = "qiao.org.membership"
    label = "membership"

    def ready(self) -> None:
        """Declare settings; take rulings into what may be appealed against."""
        from django.utils.translation import gettext_lazy as _

        from qiao.org.appeals.rules import register as register_appeal
        from qiao.org.membership.queries.own import own_bars, own_groups
        from qiao.org.membership.rules import settings as own
        from qiao.org.membership.services import forgetting
        from qiao.org.membership.services.imports.expiring import STAGING_RULE
        from qiao.org.membership.services.standing.appealing import ruling_upheld
        from qiao.org.people.rules import register_bars, register_eraser, register_own_data, register_record
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        keep(STAGING_RULE, *forgetting.RULES)
        register_own_data("membership", own_groups)
        register_bars(own_bars)
        register_eraser("membership", forgetting.forget_person)
        register_record("register", _("Your line in the list of members"))
        register(*own.ALL)
        register_appeal("standing", label=_("A ruling on membership"), on_upheld=ruling_upheld)
