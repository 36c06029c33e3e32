"""Which unions a survey reached: part of whether they are alive (handbook C03, test c)."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from qiao.base.lookups import AnyOf
from qiao.hear.surveys.models import Invitation
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership

#: Fewer answers from one union tell nothing, and would tell of single members.
_LEAST = 5


def surveyed_units(unit_ids: frozenset[int], since: date, on: date) -> set[int]:
    """Of these units those of which at least five members answered rounds that closed between the two days."""
    answered = Invitation.objects.filter(
        answered=True, round__closes__date__gte=since, round__opens__date__lte=on
    ).values("person_id")
    return set(
        Membership.objects.filter(
            AnyOf("unit_id", unit_ids), person_id__in=answered, until__isnull=True, state__in=HOLDING
        )
        .order_by()
        .values("unit_id")
        .annotate(number=Count("person_id", distinct=True))
        .filter(number__gte=_LEAST)
        .values_list("unit_id", flat=True)
    )
