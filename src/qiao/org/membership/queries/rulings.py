"""Reading rulings on standing."""

from __future__ import annotations

from django.db.models import Q

from qiao.org.membership.choices import RulingState
from qiao.org.membership.models import StandingRuling


def ruling_by_code(code: str) -> StandingRuling | None:
    """One ruling."""
    return (
        StandingRuling.objects.select_related("unit", "person", "proposed_by", "confirmed_by").filter(code=code).first()
    )


def waiting_rulings(paths: tuple[str, ...]) -> list[StandingRuling]:
    """Rulings that wait for their second person in these subtrees, the oldest first."""
    if not paths:
        return []
    where = Q(pk__in=[])
    for path in paths:
        where |= Q(unit__path__startswith=path)
    return list(
        StandingRuling.objects.filter(where, state=RulingState.PROPOSED)
        .select_related("unit")
        .order_by("proposed")[:50]
    )


def former_rulings(person_id: int) -> list[StandingRuling]:
    """What was ruled on a person's standing and not withdrawn, the newest first."""
    return list(
        StandingRuling.objects.filter(person_id=person_id)
        .exclude(state=RulingState.WITHDRAWN)
        .select_related("unit")
        .order_by("-proposed")
    )
