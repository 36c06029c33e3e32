"""How much is asked of which body, for the catalogue of services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from qiao.hear.rights.rules.demand import Asked
from qiao.hear.window.choices import RUNNING, State
from qiao.hear.window.models import Request


def asked_of_bodies(units: Sequence[int], since: datetime, until: datetime) -> dict[tuple[int, str], Asked]:
    """Requests received in a span by body and topic, and how many of them wait past their promised day. One query.

    Joined duplicates count once.
    """
    rows = (
        Request.objects.filter(body__in=units, received__gte=since, received__lte=until)
        .exclude(state=State.LINKED)
        .values("body", "topic")
        .annotate(came=Count("pk"), late=Count("pk", filter=Q(state__in=RUNNING, due__lt=until)))
        .order_by()
    )
    return {(row["body"], row["topic"]): Asked(row["came"], row["late"]) for row in rows}
