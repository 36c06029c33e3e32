"""What a person was told."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.org.people.choices import Channel
from qiao.org.people.models import ChannelOrder, PersonMessage
from qiao.org.people.rules import USUAL_ORDER

PAGE = 50


def messages_of(actor: Actor, limit: int = PAGE) -> list[PersonMessage]:
    """The newest messages to the one who is signed in; none for the public."""
    return list(_own(actor).prefetch_related("deliveries")[:limit])


def message_of(actor: Actor, pk: int) -> PersonMessage | None:
    """One of the actor's own messages; None for anybody else's."""
    return _own(actor).filter(pk=pk).first()


def unread_count(actor: Actor) -> int:
    """How many of them have not been opened."""
    return _own(actor).filter(read__isnull=True).count()


def channel_order(person_id: int) -> list[Channel]:
    """The channels outside the platform in the order the person wants."""
    chosen = ChannelOrder.objects.filter(person_id=person_id).first()
    wanted = [Channel(channel) for channel in chosen.channels] if chosen else []
    return [*wanted, *(channel for channel in USUAL_ORDER if channel not in wanted)]


def _own(actor: Actor) -> QuerySet[PersonMessage]:
    if actor.account_id is None:
        return PersonMessage.objects.none()
    mine = Q(account_id=actor.account_id)
    if actor.person_id is not None:
        mine |= Q(person_id=actor.person_id)
    return PersonMessage.objects.filter(mine).order_by("-at", "-pk")
