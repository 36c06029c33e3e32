"""Reading the counter: numbers that wait, appointments that are free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.hear.window.choices import SlotState, TicketState
from qiao.hear.window.models import Appointment, QueueTicket
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class Hall:
    """What the display of a hall shows: numbers called now, newest first, and how many wait."""

    called: tuple[QueueTicket, ...]
    waiting: tuple[QueueTicket, ...]


def hall_of(unit: Unit, now: datetime) -> Hall:
    """The counter of a unit today. One query."""
    rows = list(
        QueueTicket.objects.filter(
            unit=unit, day=localdate(now), state__in=[TicketState.WAITING, TicketState.CALLED]
        ).order_by("number")
    )
    called = sorted((one for one in rows if one.state == TicketState.CALLED), key=lambda one: one.called or now)
    return Hall(tuple(reversed(called)), tuple(one for one in rows if one.state == TicketState.WAITING))


def ticket_by_key(key: str) -> tuple[QueueTicket, int]:
    """A ticket by the key of its page and how many wait before it; raises QueueTicket.DoesNotExist."""
    ticket = QueueTicket.objects.select_related("unit").get(key=key)
    before = QueueTicket.objects.filter(
        unit=ticket.unit_id, day=ticket.day, state=TicketState.WAITING, number__lt=ticket.number
    ).count()
    return ticket, before


def free_slots(unit: Unit, now: datetime) -> QuerySet[Appointment]:
    """Appointments that can be booked in the next four weeks, soonest first; of several desks one each."""
    return (
        Appointment.objects.filter(
            unit=unit, state=SlotState.OFFERED, starts__gt=now, starts__lt=now + timedelta(days=28)
        )
        .order_by("starts", "way", "lane")
        .distinct("starts", "way")
    )


def slots_to_keep(unit: Unit, now: datetime) -> list[Appointment]:
    """What is booked from yesterday on, and what is offered, soonest first."""
    rows = Appointment.objects.filter(
        Q(state=SlotState.BOOKED, starts__gt=now - timedelta(days=30)) | Q(state=SlotState.OFFERED, starts__gt=now),
        unit=unit,
    )
    return list(rows.order_by("starts", "lane")[:200])


def units_with_slots(now: datetime) -> list[Unit]:
    """Units that offer appointments, in tree order."""
    keys = Appointment.objects.filter(state=SlotState.OFFERED, starts__gt=now).values("unit")
    return list(Unit.objects.filter(pk__in=keys).order_by("path")[:100])


def windows_of(actor: Actor) -> list[Unit]:
    """Units at whose window the actor stands: those they hold the role in."""
    held: Iterable[int] = {grant.unit_id for grant in actor.grants if "request.take" in grant.actions}
    return list(Unit.objects.filter(pk__in=held).exclude(state=UnitState.CLOSED).order_by("path"))
