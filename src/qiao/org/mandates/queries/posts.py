"""Who holds which post, and whom members turn to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now, TruncDate

from qiao.org.mandates.choices import SPEAKS_FOR_UNIT, Engagement, Post
from qiao.org.mandates.models import Committee, Mandate
from qiao.org.mandates.rules import FULLTIME_CHAIR_AT
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Headcount, Unit

_ORDER = Case(*(When(post=post, then=Value(place)) for place, post in enumerate(Post)), output_field=IntegerField())
_NEAREST = Case(
    *(When(post=post, then=Value(place)) for place, post in enumerate(SPEAKS_FOR_UNIT)), output_field=IntegerField()
)


def holding(on: date | None) -> Q:
    """Mandates that hold on a day (None: today)."""
    day = TruncDate(Now()) if on is None else Value(on)
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def mandates_of(unit: Unit, on: date | None = None) -> list[Mandate]:
    """Who holds which post in the unit itself on a day (default: today), in the order of the posts."""
    return list(
        Mandate.objects.filter(holding(on), unit=unit)
        .select_related("committee", "term", "account", "person")
        .order_by(_ORDER, "since", "pk")
    )


def former_mandates(unit: Unit, on: date) -> list[Mandate]:
    """The last hundred mandates of the unit that ended by a day, the latest first; none entered by mistake."""
    return list(
        Mandate.objects.filter(unit=unit, until__lte=on).exclude(end_reason="corrected").order_by("-until", "-pk")[:100]
    )


def mandate_of(unit: Unit, key: int) -> Mandate:
    """One mandate of the unit; raises Mandate.DoesNotExist."""
    return Mandate.objects.select_related("unit", "committee", "term", "account").get(pk=key, unit=unit)


def committees_of(unit: Unit) -> list[Committee]:
    """The committees of the unit that stand, by kind."""
    return list(Committee.objects.filter(unit=unit, until__isnull=True).order_by("kind"))


def named(on: date | None = None) -> QuerySet[Mandate]:
    """Mandates of officers who speak for their unit and have a public channel, the nearest of each unit first."""
    return (
        Mandate.objects.filter(holding(on), post__in=SPEAKS_FOR_UNIT)
        .exclude(office_phone="", office_mail="")
        .annotate(nearness=_NEAREST)
        .order_by("unit_id", "nearness", "since", "pk")
    )


def representative_of(unit: Unit, on: date | None = None) -> Mandate | None:
    """The named officer with a public channel whom the unit's members turn to; None where the whole line has none.

    The nearest post of the unit itself; where it has none, of the unit above, and so on: then ``.unit`` is not
    ``unit``, and whoever shows it says so.
    """
    return representatives_of([unit], on).get(unit.pk)


def representatives_of(units: Collection[Unit], on: date | None = None) -> dict[int, Mandate]:
    """`representative_of` for many units in one query; units without one are no key."""
    lines = {unit.pk: [unit.path[:end] for end in range(len(unit.path), 0, -5)] for unit in units}
    paths = {path for line in lines.values() for path in line}
    nearest: dict[str, Mandate] = {}
    for mandate in named(on).filter(unit__path__in=paths).select_related("unit"):
        nearest.setdefault(mandate.unit.path, mandate)
    return {
        key: found
        for key, line in lines.items()
        if (found := next((nearest[path] for path in line if path in nearest), None))
    }


@dataclass(frozen=True, slots=True)
class FulltimeChair:
    """That so many work in a unit that a full-time chair may be set up, and whether there is one."""

    employees: int
    limit: int
    held: bool


def fulltime_chair(unit: Unit, on: date) -> FulltimeChair | None:
    """What the law lets a unit of this size have; None below the number, or where nobody counted (TUL 14)."""
    last = Headcount.objects.filter(unit=unit, day__lte=on).order_by("-day", "-pk").first()
    limit = value_of(FULLTIME_CHAIR_AT, path=unit.path, on=on)
    if last is None or last.employees < limit:
        return None
    held = any(row.post == Post.CHAIR and row.engagement == Engagement.FULL for row in mandates_of(unit, on))
    return FulltimeChair(last.employees, limit, held)
