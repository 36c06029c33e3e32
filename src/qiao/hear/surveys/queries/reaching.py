"""By which channels outside the platform invited people can be reached: consented to, and not known as dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from qiao.hear.surveys.choices import Delivery
from qiao.hear.surveys.models import Invitation, Round
from qiao.org.people.choices import Channel, ConsentKind, ContactKind, ContactState
from qiao.org.people.models import Account, ChannelOrder, Consent, Contact
from qiao.org.people.rules import USUAL_ORDER, plan

_CHANNEL = {ContactKind.MAIL.value: Channel.MAIL, ContactKind.MOBILE.value: Channel.SMS}


def channels_of(person_ids: Collection[int]) -> dict[int, list[Channel]]:
    """For each of these persons the channels in the order they want; empty where none. Four queries, nothing opened."""
    held: dict[int, set[Channel]] = defaultdict(set)
    dead: set[tuple[int, Channel]] = set()
    for person, kind, state in Contact.objects.filter(person_id__in=person_ids).values_list(
        "person_id", "kind", "state"
    ):
        if state == ContactState.STALE:
            dead.add((person, _CHANNEL[kind]))
        else:
            held[person].add(_CHANNEL[kind])
    for person in (
        Account.objects.filter(person_id__in=person_ids, is_active=True)
        .exclude(email="")
        .values_list("person_id", flat=True)
    ):
        if person is not None and (person, Channel.MAIL) not in dead:
            held[person].add(Channel.MAIL)
    consents: dict[int, set[str]] = defaultdict(set)
    for person, consent in Consent.objects.filter(
        person_id__in=list(held), code="", revoked__isnull=True,
        kind__in=[ConsentKind.CHANNEL_MAIL, ConsentKind.CHANNEL_SMS],
    ).values_list("person_id", "kind"):  # fmt: skip
        consents[person].add(consent)
    orders = dict(ChannelOrder.objects.filter(person_id__in=list(held)).values_list("person_id", "channels"))
    return {
        person: plan(orders.get(person, USUAL_ORDER), consents=consents[person], reachable=held[person])
        for person in person_ids
    }


def letters_needed(survey: Round) -> list[Invitation]:
    """Who has to be asked on paper: not done, and without a channel, or not surely reached by it; by key."""
    rows = list(
        Invitation.objects.filter(round=survey, answered=False, person_id__gt=0)
        .exclude(delivery__in=[Delivery.SENT, Delivery.SENDING, Delivery.LETTER])
        .order_by("pk")
    )
    waiting = [row.person_id for row in rows if row.delivery == Delivery.WAITING and row.person_id]
    reached = {person for person, channels in channels_of(waiting).items() if channels}
    return [row for row in rows if row.delivery != Delivery.WAITING or row.person_id not in reached]
