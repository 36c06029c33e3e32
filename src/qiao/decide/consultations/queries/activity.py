"""Which unions consulted or spoke up: part of whether they are alive (handbook C03, test c)."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from qiao.base.lookups import AnyOf
from qiao.decide.consultations.models import Consultation, Opinion
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership

#: Fewer opinions from one union would tell of single members.
_LEAST = 5


def consulting_units(unit_ids: frozenset[int], since: date, on: date) -> set[int]:
    """Of these units those that opened a consultation, or of which at least five members filed opinions."""
    own = Consultation.objects.filter(AnyOf("unit_id", unit_ids), opened__date__gte=since, opened__date__lte=on)
    authors = Opinion.objects.filter(filed__gte=since, filed__lte=on).values("person_id")
    spoke = (
        Membership.objects.filter(
            AnyOf("unit_id", unit_ids), person_id__in=authors, until__isnull=True, state__in=HOLDING
        )
        .order_by()
        .values("unit_id")
        .annotate(number=Count("person_id", distinct=True))
        .filter(number__gte=_LEAST)
    )
    return {
        *own.order_by("pk").values_list("unit_id", flat=True),
        *spoke.values_list("unit_id", flat=True),
    }
