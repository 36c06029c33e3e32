"""Whether members know that they are members (handbook C03, test d), and how standing keeps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from qiao.base.lookups import AnyOf
from qiao.org.membership.choices import ENDED, HOLDING
from qiao.org.membership.models import Membership


@dataclass(frozen=True, slots=True)
class Told:
    """Of ``members`` of a unit on a day, how many had a notice delivered or said themselves that they know it."""

    members: int
    told: int
    confirmed: int

    @property
    def share(self) -> float | None:
        """Share told, None without members."""
        return self.told / self.members if self.members else None


def told(unit_ids: Collection[int], on: date) -> dict[int, Told]:
    """For each of these units, of itself and not below it, who of its members on a day had been told by then.

    One query; units without members are not in it.
    """
    rows = (
        Membership.objects.filter(AnyOf("unit_id", unit_ids), state__in=HOLDING, since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gt=on))
        .order_by()
        .values("unit_id")
        .annotate(
            members=Count("pk"),
            told=Count("pk", filter=Q(told__lte=on) | Q(confirmed__lte=on)),
            confirmed=Count("pk", filter=Q(confirmed__lte=on)),
        )
    )
    return {row["unit_id"]: Told(row["members"], row["told"], row["confirmed"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Keeping:
    """How standing keeps in a subtree. ``joined``: between a year and six months ago; ``stayed``: of them."""

    members: int
    confirmed: int
    on_the_way: int
    late: int
    joined: int
    stayed: int


#: Joiners are looked at half a year later (handbook C02: retention at 6 months).
_HALF = timedelta(days=182)
_YEAR = timedelta(days=365)


def keeping(path: str, on: date) -> Keeping:
    """Members, own confirmations, transfers and how many over the limit, and retention at six months; two queries."""
    here = Membership.objects.filter(unit__path__startswith=path).order_by()
    now = here.filter(until__isnull=True, state__in=HOLDING).aggregate(
        members=Count("pk"),
        confirmed=Count("pk", filter=Q(confirmed__isnull=False)),
        on_the_way=Count("pk", filter=Q(bound_for__isnull=False)),
        late=Count("pk", filter=Q(bound_for__isnull=False, transfer_due__lt=on)),
    )
    before = Membership.objects.filter(person=OuterRef("person"), since__lt=OuterRef("since"))
    # A row that has ended carries the end's state; up to its last day its member took part.
    after = Membership.objects.filter(person=OuterRef("person"), state__in=[*HOLDING, *ENDED]).filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("since") + _HALF), since__lte=OuterRef("since") + _HALF
    )
    joiners = (
        here.filter(since__gt=on - _YEAR, since__lte=on - _HALF)
        .filter(~Exists(before))
        .annotate(stays=Exists(after))
        .aggregate(joined=Count("pk"), stayed=Count("pk", filter=Q(stays=True)))
    )
    return Keeping(**now, **joiners)
