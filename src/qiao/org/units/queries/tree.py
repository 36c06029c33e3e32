"""Reading today's tree by its paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length

from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit


def unit_by_label(label: str) -> Unit:
    """The unit with this label; raises Unit.DoesNotExist."""
    return Unit.objects.get(label=label)


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


def children_with_sizes(unit: Unit) -> QuerySet[Unit]:
    """Direct children that are not closed, with ``below``: how many open units stand below each."""
    below = (
        Unit.objects.filter(path__startswith=OuterRef("path"))
        .exclude(state=UnitState.CLOSED)
        .order_by()
        .values(nothing=Value(1))
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        unit.children.exclude(state=UnitState.CLOSED)
        .annotate(below=Coalesce(Subquery(below, output_field=IntegerField()), Value(1)) - Value(1))
        .order_by("kind", "label")
    )


def deepest_below(path: str) -> int:
    """Length of the longest path in the subtree at ``path``."""
    found = Unit.objects.filter(path__startswith=path).aggregate(longest=Max(Length("path")))["longest"]
    return int(found or len(path))


def root_unit() -> Unit | None:
    """The federation at the top; None before anything is founded."""
    return Unit.objects.filter(parent__isnull=True).order_by("pk").first()


@dataclass(frozen=True, slots=True)
class ChildGroup:
    """Direct children of one kind."""

    label: str
    units: tuple[Unit, ...]


def children_by_kind(unit: Unit) -> list[ChildGroup]:
    """Direct children, grouped by kind in the order of the kinds; each has ``below``."""
    return grouped(list(children_with_sizes(unit)))


def grouped(children: Iterable[Unit]) -> list[ChildGroup]:
    """Units by kind, in the order of the kinds."""
    children = list(children)
    return [
        ChildGroup(str(kind.label), tuple(child for child in children if child.kind == kind))
        for kind in UnitKind
        if any(child.kind == kind for child in children)
    ]
