"""Keys, addresses and notices, as the officers who keep them see them."""

from __future__ import annotations

from django.db.models import Count, Q

from qiao.base.access import Actor
from qiao.hear.window.choices import DeliveryState, HookState
from qiao.hear.window.models import Delivery, ExternalSystem, Hook

CONNECT = "system.connect"
PAGE = 50


def systems_of(actor: Actor) -> list[ExternalSystem]:
    """Systems with a key at an officer's units, those in use first."""
    rows = ExternalSystem.objects.filter(_own(actor)).select_related("unit", "made_by")
    return sorted(rows.order_by("pk")[:300], key=lambda row: (row.revoked is not None, row.pk))


def hooks_of(actor: Actor) -> list[Hook]:
    """Addresses that are told, with how many notices wait (``waiting``)."""
    rows = Hook.objects.filter(_own(actor)).select_related("unit")
    rows = rows.annotate(waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)))
    return list(rows.order_by("unit__path", "pk")[:300])


def hook_for(actor: Actor, hook_id: int) -> Hook:
    """An address of one's own units; raises Hook.DoesNotExist for others."""
    return Hook.objects.filter(_own(actor)).select_related("unit", "made_by").get(pk=hook_id)


def deliveries_of(hook: Hook) -> list[Delivery]:
    """The last notices to an address."""
    return list(hook.deliveries.order_by("-made", "-pk")[:PAGE])


def disabled_hooks(actor: Actor) -> list[Hook]:
    """Addresses of one's own units that were switched off after failures."""
    own = Q(unit__in=[grant.unit_id for grant in actor.grants if CONNECT in grant.actions])
    return list(Hook.objects.filter(own, state=HookState.DISABLED).select_related("unit").order_by("pk")[:20])


def _own(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for path in actor.paths(CONNECT):
        found |= Q(unit__path__startswith=path)
    return found
