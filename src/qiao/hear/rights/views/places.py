"""The place a page speaks for: named in the address, else the whole federation."""

from __future__ import annotations

from django.db.models import Q

from qiao.base.access import ActorRequest
from qiao.org.settings.queries import federation_path
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

_MOST = 200


def place_of(request: ActorRequest) -> Unit | None:
    """The unit the address names, else the federation; None before anything is founded."""
    label = (request.POST.get("at") or request.GET.get("at", ""))[:40]
    found = Unit.objects.filter(label__iexact=label).order_by("pk").first() if label else None
    if found is not None and takes_in(found):
        return found
    return Unit.objects.filter(parent__isnull=True).order_by("pk").first()


def path_of(place: Unit | None) -> str:
    """Its path, or that of the federation."""
    return place.path if place is not None else federation_path()


def places(chosen: Unit | None) -> list[Unit]:
    """Places to choose from: the federation, what stands right below it, and the one chosen."""
    near = Q(parent__isnull=True) | Q(parent__parent__isnull=True)
    if chosen is not None:
        near |= Q(pk=chosen.pk)
    rows = Unit.objects.filter(near).order_by("path")[:_MOST]
    return [unit for unit in rows if takes_in(unit) or unit == chosen]
