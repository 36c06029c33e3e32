"""Telling a person (mechanism S8): kept on the platform, carried by the channels they chose, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_noop, override

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.addresses import full_address
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, pick
from qiao.base.problems import Problem
from qiao.base.telling import Message
from qiao.org.people.choices import Channel, ContactKind, ContactState, DeliveryState
from qiao.org.people.models import Account, ChannelOrder, Contact, Delivery, Person, PersonMessage
from qiao.org.people.queries.consents import consents_in_force
from qiao.org.people.queries.messages import channel_order
from qiao.org.people.rules import TRIES, USUAL_ORDER, plan
from qiao.org.people.services.carriers import NotCarried, send_to

KIND_OF = {Channel.MAIL: ContactKind.MAIL, Channel.SMS: ContactKind.MOBILE}
#: An SMS longer than this is cut into several and paid for each; the whole text stands on the platform.
_SMS_SIGNS = 300
#: Between two tries on one channel.
PAUSE = timedelta(minutes=5)


def tell(
    *,
    now: datetime,
    subject: Mapping[str, str],
    text: Mapping[str, str],
    person_id: int | None = None,
    account_id: int | None = None,
    url: str = "",
    once: str = "",
) -> PersonMessage | None:
    """Tell a person (or, by account, an officer) something, in their language. ``url`` is a path of the platform.

    The message is sealed and kept on the platform; outside it goes by the channels consented to, from a job that
    is queued in the caller's transaction and knows its number only. With ``once`` the same thing is told one time.
    None where nobody is addressed. Asks for no permission: the service that tells has asked.
    """
    person = Person.objects.filter(pk=person_id).first() if person_id is not None else None
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id is not None else None
    if person is None and account is not None:
        person = account.person
    if person is None and account is None:
        return None
    language = person.language if person else LANGUAGES[0]
    with atomic():
        if once:
            before = PersonMessage.objects.filter(once=once).first()
            if before is not None:
                return before
        message = PersonMessage.objects.create(
            person=person, account=account if person is None else None, at=now, subject=pick(subject, language)[:300],
            text=pick(text, language), url=url if url.startswith("/") else "", once=once or None,
        )  # fmt: skip
        _next_channel(message, now)
    return message


def carry_message(message: Message, now: datetime) -> None:
    """The teller that apps below this one use by `qiao.base.telling`."""
    tell(
        now=now, subject=message.subject, text=message.text, person_id=message.person_id,
        account_id=message.account_id, url=message.url,
    )  # fmt: skip


def carry(*, actor: Actor, now: datetime, delivery_id: int) -> None:
    """Carry one message on one channel; when it cannot be, after some tries, the next channel's turn comes.

    Twice is harmless: what was sent is not sent again. A consent taken back meanwhile ends it. Raises Refused for
    anybody but the system.
    """
    require(actor, "people.carry")
    with atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",)).select_related("message__person").get(pk=delivery_id)
        )
        if delivery.state != DeliveryState.WAITING:
            return
        message = delivery.message
        if delivery.channel not in _channels(message) or delivery.tries >= TRIES:
            _end(delivery, DeliveryState.SKIPPED if delivery.tries < TRIES else DeliveryState.FAILED, now)
            _next_channel(message, now)
            return
        delivery.tries += 1
        delivery.changed = now
        delivery.save(update_fields=["tries", "changed"])
    fault: NotCarried | None = None
    try:
        _send(delivery)
    except NotCarried as error:
        fault = error
    with atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",)).select_related("message__person").get(pk=delivery_id)
        )
        if delivery.state != DeliveryState.WAITING:
            return
        if fault is None:
            _end(delivery, DeliveryState.SENT, now)
        elif fault.nobody or delivery.tries >= TRIES:
            if fault.nobody:
                _goes_stale(delivery)
            _end(delivery, DeliveryState.FAILED, now, fault.key)
            _next_channel(delivery.message, now)
        else:
            delivery.fault = fault.key
            delivery.save(update_fields=["fault"])
            jobs.defer_later("people.carry", PAUSE, delivery_id=delivery.pk)


def choose_channels(*, actor: Actor, now: datetime, channels: Sequence[str]) -> None:
    """In which order one wants to be told. Raises Problem for an unknown channel or without a person."""
    if actor.person_id is None:
        raise Problem("This account belongs to nobody of the register.")
    wanted = list(dict.fromkeys(channels))
    if not wanted or any(channel not in USUAL_ORDER for channel in wanted):
        raise Problem("There is no such channel.")
    with atomic():
        ChannelOrder.objects.update_or_create(person_id=actor.person_id, defaults={"channels": wanted})
        audit.record(actor=actor, now=now, action="channels.choose", detail={"person": actor.person_id})


def open_message(*, actor: Actor, now: datetime, message: PersonMessage) -> None:
    """Note that a message of the actor's own was opened; the first time stays. Anybody else's stays as it is."""
    if (actor.account_id is not None and actor.account_id == message.account_id) or (
        actor.person_id is not None and actor.person_id == message.person_id
    ):
        PersonMessage.objects.filter(pk=message.pk, read__isnull=True).update(read=now)


def _channels(message: PersonMessage) -> list[Channel]:
    """Where this message may go outside, in order."""
    if message.person_id is None:
        return [Channel.MAIL]
    return plan(
        channel_order(message.person_id),
        consents=consents_in_force(message.person_id),
        reachable=[channel for channel in USUAL_ORDER if _address(message, channel)],
    )


def _next_channel(message: PersonMessage, now: datetime) -> None:
    """Queue the first channel that has not been tried; none left: the message waits on the platform."""
    tried = set(message.deliveries.values_list("channel", flat=True))
    for place, channel in enumerate(_channels(message)):
        if channel not in tried:
            delivery = Delivery.objects.create(message=message, channel=channel, place=place, changed=now)
            jobs.defer("people.carry", delivery_id=delivery.pk)
            return


def _address(message: PersonMessage, channel: Channel) -> str:
    """The address on a channel; "" where there is none that reaches somebody."""
    if message.person is not None:
        contact = Contact.objects.filter(person=message.person, kind=KIND_OF[channel]).first()
        if contact is not None:
            return "" if contact.state == ContactState.STALE else str(contact.value)
        account = Account.objects.filter(person=message.person, is_active=True).first()
    else:
        account = message.account
    return account.email if account is not None and channel == Channel.MAIL else ""


def _send(delivery: Delivery) -> None:
    message, channel = delivery.message, Channel(delivery.channel)
    address = _address(message, channel)
    if not address:
        raise NotCarried("no_address")
    with override(message.person.language if message.person else LANGUAGES[0]):
        # The address stands whole even where an SMS is cut.
        more = f"\n\n{gettext(_READ_HERE)} {full_address(message.url)}" if message.url else ""
    text = str(message.text)
    if channel == Channel.SMS and len(text) + len(more) > _SMS_SIGNS:
        text = text[: max(0, _SMS_SIGNS - len(more) - 1)] + "…"
    send_to(KIND_OF[channel], address, str(message.subject), text + more)


_READ_HERE = gettext_noop("More on the platform:")


def _goes_stale(delivery: Delivery) -> None:
    Contact.objects.filter(person=delivery.message.person, kind=KIND_OF[Channel(delivery.channel)]).update(
        state=ContactState.STALE
    )


def _end(delivery: Delivery, state: DeliveryState, now: datetime, fault: str = "") -> None:
    delivery.state, delivery.changed, delivery.fault = state, now, fault
    delivery.save(update_fields=["state", "changed", "fault"])
