"""Terms: which run, which are over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from qiao.base.lookups import among
from qiao.org.mandates.choices import CommitteeKind
from qiao.org.mandates.models import Term
from qiao.org.units.models import Unit


def in_term(unit_ids: Collection[int] | QuerySet[Unit, int], on: date) -> set[int]:
    """Those of these units whose union committee stood within its elected term on a day.

    A committee that acts on beyond its term is not in term. Give a queryset of ids for many: it becomes a subquery.
    """
    return set(
        Term.objects.filter(
            Q(ended__isnull=True) | Q(ended__gt=on),
            among("committee__unit_id", unit_ids),
            committee__kind=CommitteeKind.UNION,
            since__lte=on,
            until__gt=on,
        )
        .order_by("pk")
        .values_list("committee__unit_id", flat=True)
    )


def running_terms() -> QuerySet[Term]:
    """Terms of union committees that nobody has followed yet, those that end first on top."""
    return Term.objects.filter(ended__isnull=True, committee__kind=CommitteeKind.UNION).order_by("until", "pk")


def overdue_terms(path: str, on: date) -> QuerySet[Term]:
    """Running terms of union committees in a subtree that were over on a day, the longest overdue first."""
    return running_terms().filter(committee__unit__path__startswith=path, until__lte=on)


def current_term(unit: Unit, kind: str = CommitteeKind.UNION) -> Term | None:
    """The running term of a committee of the unit; None before its first election."""
    return (
        Term.objects.filter(committee__unit=unit, committee__kind=kind, ended__isnull=True)
        .select_related("committee")
        .order_by("-since")
        .first()
    )


def terms_of(unit: Unit) -> list[Term]:
    """All terms of the unit's committees, the latest first."""
    return list(Term.objects.filter(committee__unit=unit).select_related("committee").order_by("-since", "-pk"))
