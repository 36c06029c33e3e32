"""Reading today's tree by its paths."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Length

from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Founding, Unit, UnitName


def unit_by_label(label: str) -> Unit:
    """The unit that bears this label, or bore it last; raises Unit.DoesNotExist."""
    found = Unit.objects.filter(label=label).first()
    if found is not None:
        return found
    former = UnitName.objects.filter(label__iexact=label).select_related("unit").order_by("-since").first()
    founding = None if former else Founding.objects.filter(code=label).select_related("unit").first()
    if former is None and founding is None:
        raise Unit.DoesNotExist(label)
    return former.unit if former else founding.unit  # type: ignore[union-attr]


def subtree(path: str) -> QuerySet[Unit]:
    """The unit at ``path`` and everything below it, in tree order."""
    return Unit.objects.filter(path__startswith=path).order_by("path")


def units_at(paths: Iterable[str]) -> QuerySet[Unit]:
    """All units in any of these subtrees, in tree order; none for no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return Unit.objects.filter(condition).order_by("path")


def upper_units(paths: Iterable[str]) -> QuerySet[Unit]:
    """Units of these subtrees that are no base unions: what a select list can hold."""
    return units_at(paths).exclude(kind__in=[UnitKind.BASE, UnitKind.JOINT_BASE])


def line_above(unit: Unit) -> list[Unit]:
    """The units above, from the root down, without the unit itself."""
    prefixes = [unit.path[:end] for end in range(5, len(unit.path), 5)]
    return list(Unit.objects.filter(path__in=prefixes).order_by("path"))


def deepest_below(path: str) -> int:
    """Length of the longest path in the subtree at ``path``."""
    found = Unit.objects.filter(path__startswith=path).aggregate(longest=Max(Length("path")))["longest"]
    return int(found or len(path))


def root_unit() -> Unit | None:
    """The federation at the top; None before anything is founded."""
    return Unit.objects.filter(parent__isnull=True).order_by("pk").first()
