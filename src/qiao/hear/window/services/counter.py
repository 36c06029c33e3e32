"""The counter: queue numbers, appointments, the figures of the telephone line."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import ANONYMOUS, Actor, require
from qiao.base.codes import next_code, normal_secret_code
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.hear.window.choices import Kind, SlotState, TicketState, Way
from qiao.hear.window.models import Appointment, LineDay, QueueTicket, Request
from qiao.hear.window.rules.contacts import clean_contact
from qiao.hear.window.services.filing import secret_of
from qiao.hear.window.services.steps import print_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

#: More numbers no counter gives out on a day.
_MOST_NUMBERS = 999


def draw_number(*, actor: Actor, now: datetime, unit: Unit, kind: str, nonce: str) -> QueueTicket:
    """Give out the next number of the day at a counter; the same form sent twice gives one number.

    Raises Refused without ``request.take`` at the unit, Problem at the end of the numbers.
    """
    require(actor, "request.take", unit.path)
    if kind not in Kind.values:
        raise Problem("The form is not complete: open the page again.")
    key = print_of(nonce)[:32]
    with atomic():
        # The unit's row is locked, so that two officers at once do not give out one number.
        Unit.objects.select_for_update().get(pk=unit.pk)
        found = QueueTicket.objects.filter(key=key).first()
        if found is not None:
            return found
        day = localdate(now)
        number = QueueTicket.objects.filter(unit=unit, day=day).count() + 1
        if number > _MOST_NUMBERS:
            raise Problem("All numbers of today are given out.")
        ticket = QueueTicket.objects.create(unit=unit, day=day, number=number, key=key, kind=kind)
        audit.record(actor=actor, now=now, action="queue.draw", unit_path=unit.path, detail={"number": number})
    return ticket


def call_next(*, actor: Actor, now: datetime, unit: Unit, desk_number: int) -> QueueTicket | None:
    """Call the next number to a desk; the one called there before counts as served. None where nobody waits."""
    require(actor, "request.take", unit.path)
    if not 1 <= desk_number <= 99:
        raise Problem("A desk has a number from 1 to 99.")
    with atomic():
        day = localdate(now)
        QueueTicket.objects.filter(unit=unit, day=day, state=TicketState.CALLED, desk_number=desk_number).update(
            state=TicketState.SERVED, done=now
        )
        ticket = (
            QueueTicket.objects.select_for_update(skip_locked=True)
            .filter(unit=unit, day=day, state=TicketState.WAITING)
            .order_by("number")
            .first()
        )
        if ticket is None:
            return None
        ticket.state, ticket.desk_number = TicketState.CALLED, desk_number
        ticket.called, ticket.called_by_id = now, actor.account_id
        ticket.save(update_fields=["state", "desk_number", "called", "called_by"])
        audit.record(actor=actor, now=now, action="queue.call", unit_path=unit.path, detail={"number": ticket.number})
    return ticket


def finish_number(
    *, actor: Actor, now: datetime, ticket_id: int, served: bool, request: Request | None = None
) -> QueueTicket:
    """Say that a called number was served, or was not there. Twice changes nothing. Raises Refused elsewhere."""
    with atomic():
        ticket = QueueTicket.objects.select_for_update(of=("self",)).select_related("unit").get(pk=ticket_id)
        require(actor, "request.take", ticket.unit.path)
        wanted = TicketState.SERVED if served else TicketState.MISSED
        if ticket.state == wanted:
            return ticket
        if ticket.state != TicketState.CALLED:
            raise Problem("This number was not called.")
        ticket.state, ticket.done, ticket.request = wanted, now, request
        ticket.save(update_fields=["state", "done", "request"])
        audit.record(
            actor=actor, now=now, action="queue.finish", unit_path=ticket.unit.path, detail={"number": ticket.number}
        )
    return ticket


def offer_slots(
    *, actor: Actor, now: datetime, unit: Unit, starts: datetime, ends: datetime, minutes: int, way: str, lanes: int = 1
) -> int:
    """Offer appointments of so many minutes between two moments; spans that exist are left. Returns how many are new.

    Raises Refused without ``request.take`` at the unit, Problem for a span that cannot be.
    """
    require(actor, "request.take", unit.path)
    if way not in Way.values or not 5 <= minutes <= 240 or not 1 <= lanes <= 20:
        raise Problem("An appointment takes between 5 and 240 minutes, at one to twenty desks.")
    if not now < starts < ends <= starts + timedelta(hours=14):
        raise Problem("Choose a span to come, of one day.")
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    made = 0
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        taken = set(
            Appointment.objects.filter(unit=unit, starts__gte=starts, starts__lt=ends)
            .exclude(state=SlotState.CANCELLED)
            .values_list("starts", "lane")
            .order_by("starts")
        )
        begin = starts
        while begin + timedelta(minutes=minutes) <= ends:
            for lane in range(1, lanes + 1):
                if (begin, lane) not in taken:
                    Appointment.objects.create(
                        code=next_code("HA"), unit=unit, starts=begin, ends=begin + timedelta(minutes=minutes),
                        lane=lane, way=way, offered_by_id=actor.account_id,
                    )  # fmt: skip
                    made += 1
            begin += timedelta(minutes=minutes)
        audit.record(actor=actor, now=now, action="appointment.offer", unit_path=unit.path, detail={"new": made})
    return made


def book_slot(
    *,
    now: datetime,
    code: str,
    nonce: str,
    name: str = "",
    contact: str = "",
    address: str = "",
) -> tuple[Appointment, str]:
    """Book a free appointment; returns it with the secret by which it is called off. The same form twice is one.

    At the counter no name is needed. At home an address, by telephone a number is. Raises Problem where it is taken.
    """
    key = print_of(nonce)
    try:
        with atomic():
            slot = Appointment.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
            if slot.nonce == key:
                return slot, secret_of(nonce)
            if slot.state != SlotState.OFFERED or slot.starts <= now:
                raise Problem("Somebody was quicker: choose another time.")
            _kind, number = clean_contact(contact)
            if slot.way == Way.PHONE and not number:
                raise Problem("Write the number we call.")
            if slot.way == Way.HOME and not address.strip():
                raise Problem("Write where we come to.")
            slot.nonce, slot.state = key, SlotState.BOOKED
            receipt = give_receipt(kind="appointment", code=code, now=now, promised=localdate(slot.starts))
            slot.receipt = receipt.number
            slot.secret = _digest(slot.receipt, secret_of(nonce))
            slot.name = " ".join(name.split())[:80] or None
            slot.contact, slot.address = number or None, address.replace("\x00", "").strip()[:300] or None
            slot.save()
            audit.record(actor=ANONYMOUS, now=now, action="appointment.book", code=code, unit_path=slot.unit.path)
    except IntegrityError:
        raise Problem("The form is not complete: open the page again.") from None
    return slot, secret_of(nonce)


def cancel_booking(*, now: datetime, code: str, secret: str) -> Appointment:
    """Call one's booked appointment off by its secret: it is free again for others. Raises Problem for another's."""
    with atomic():
        slot = Appointment.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        if slot.state != SlotState.BOOKED or not secrets.compare_digest(slot.secret, _digest(slot.receipt, secret)):
            raise Problem("Receipt number and secret do not belong together.")
        slot.state, slot.receipt, slot.secret, slot.nonce = SlotState.OFFERED, "", "", None
        slot.name, slot.contact, slot.address = None, None, None
        slot.save()
        audit.record(actor=ANONYMOUS, now=now, action="appointment.cancel", code=code, unit_path=slot.unit.path)
    return slot


def finish_slot(*, actor: Actor, now: datetime, code: str, kept: bool) -> Appointment:
    """Say that a booked appointment was kept, or that nobody came; name, contact and address go then."""
    with atomic():
        slot = Appointment.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "request.take", slot.unit.path)
        wanted = SlotState.KEPT if kept else SlotState.MISSED
        if slot.state == wanted:
            return slot
        if slot.state != SlotState.BOOKED:
            raise Problem("Nobody has booked it.")
        slot.state = wanted
        slot.name, slot.contact, slot.address = None, None, None
        slot.save()
        audit.record(actor=actor, now=now, action="appointment.finish", code=code, unit_path=slot.unit.path)
    return slot


def withdraw_slot(*, actor: Actor, now: datetime, code: str) -> Appointment:
    """Take a free appointment back. Raises Problem for one that is booked."""
    with atomic():
        slot = Appointment.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "request.take", slot.unit.path)
        if slot.state == SlotState.CANCELLED:
            return slot
        if slot.state != SlotState.OFFERED:
            raise Problem("Somebody has booked it: call them first.")
        slot.state = SlotState.CANCELLED
        slot.save(update_fields=["state"])
        audit.record(actor=actor, now=now, action="appointment.withdraw", code=code, unit_path=slot.unit.path)
    return slot


def count_calls(
    *, actor: Actor, now: datetime, unit: Unit, day: date, offered: int, connected: int, in_time: int
) -> LineDay:
    """Enter the counts of the telephone line for a day; entered again they replace the earlier ones.

    Raises Refused without ``request.take`` at the unit, Problem for counts that cannot be.
    """
    require(actor, "request.take", unit.path)
    if not 0 <= in_time <= connected <= offered <= 1_000_000:
        raise Problem("Of the calls offered some get through, and of these some in time: the counts do not add up.")
    with atomic():
        made, _new = LineDay.objects.update_or_create(
            unit=unit, day=day,
            defaults={
                "offered": offered, "connected": connected, "in_time": in_time, "entered_by_id": actor.account_id,
            },
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="line.count", unit_path=unit.path, detail={"offered": offered})
    return made


def _digest(receipt: str, secret: str) -> str:
    return hashlib.sha256(f"{receipt} {normal_secret_code(secret)}".encode()).hexdigest()
