from __future__ import annotations

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Sealed evaluation by those served."""

    name = "qiao.judge.evaluations"
    label = "evaluations"

    def ready(self) -> None:
        """Declare the clocks of evaluations."""
        from qiao.judge.evaluations.queries.own import own_groups
        from qiao.judge.evaluations.queries.running import bond
        from qiao.judge.evaluations.rules.states import (
            COMPOSITE_WEIGHTS,
            RECHECK_MONTHS,
            RECHECK_WITHIN,
            RESPONSE_DAYS,
            SCALE,
        )
        from qiao.judge.evaluations.services.erasing import ROLL_RULE
        from qiao.org.access.rules import register_bond
        from qiao.org.people.rules import register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register(SCALE, *COMPOSITE_WEIGHTS.values(), RESPONSE_DAYS, RECHECK_MONTHS, RECHECK_WITHIN)
        keep(ROLL_RULE)
        register_bond(bond)
        register_own_data("evaluations", own_groups)
