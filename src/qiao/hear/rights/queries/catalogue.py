"""Which body gives which service, and how much is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.hear.rights.choices import Topic
from qiao.hear.rights.models import Offer, OfferBody
from qiao.hear.rights.rules.demand import SMALLEST, asked_of

SPAN = timedelta(days=90)
_SIGNS = 5


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One body of a service. ``came``: requests of its topic in 90 days; None: hidden, because fewer than ten.

    ``per_post``: ``came`` by posts; None where hidden or nobody has the post. ``late``: of them past their day.
    """

    body: OfferBody
    came: int | None
    per_post: float | None
    late: int | None
    unmet: bool


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One service with its bodies."""

    offer: Offer
    bodies: list[BodyLine]


def catalogue(now: datetime, *, path: str = "", topic: str = "", every: bool = False) -> list[OfferLine]:
    """Services given at a place, with their bodies and the load. ``every``: small counts too, for officers.

    ``path``: bodies on the line of this unit or below it; "" for all. Three queries.
    """
    rows: QuerySet[Offer] = Offer.objects.filter(ended__isnull=True).select_related("unit")
    if topic in Topic.values:
        rows = rows.filter(topic=topic)
    offers = list(rows.order_by("topic", "pk"))
    where = Q()
    if path:
        line = [path[:end] for end in range(_SIGNS, len(path) + 1, _SIGNS)]
        where = Q(unit__path__startswith=path) | Q(unit__path__in=line)
    bodies = list(
        OfferBody.objects.filter(where, offer__in=offers).select_related("unit", "offer").order_by("unit__path")
    )
    asked = asked_of(sorted({body.unit_id for body in bodies}), now - SPAN, now)
    lines = []
    for offer in offers:
        own = []
        for body in (one for one in bodies if one.offer_id == offer.pk):
            counts = asked.get((body.unit_id, offer.topic))
            came, late = (counts.came, counts.late) if counts else (0, 0)
            shown = every or came >= SMALLEST
            own.append(
                BodyLine(
                    body,
                    came if shown else None,
                    came / body.posts if shown and body.posts else None,
                    late if every or (shown and (late == 0 or late >= SMALLEST)) else None,
                    unmet=shown and came > 0 and not body.posts,
                )
            )
        if own or not path:
            lines.append(OfferLine(offer, own))
    return lines


def offer_by_code(code: str) -> Offer:
    """The service; raises Offer.DoesNotExist."""
    return Offer.objects.select_related("unit").get(code=code)


def offers_for_reports() -> list[Offer]:
    """Services for which other systems may file requests."""
    return list(Offer.objects.filter(ended__isnull=True, takes_reports=True).order_by("topic", "pk"))


def own_offers(actor: Actor) -> Sequence[Offer]:
    """Services an officer may change."""
    own = Q(pk__in=[])
    for path in actor.paths("service.keep"):
        own |= Q(unit__path__startswith=path)
    return list(Offer.objects.filter(own, ended__isnull=True).select_related("unit").order_by("topic", "pk"))
