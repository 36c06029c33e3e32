"""The counter: queue numbers, appointments, the figures of the telephone line."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.vault import EncryptedTextField
from qiao.hear.window.choices import Kind, SlotState, TicketState, Way
from qiao.hear.window.models.requests import Request
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class QueueTicket(models.Model):
    """One number of a day at a counter, of nobody named. ``key`` opens its page."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=TicketState.choices, default=TicketState.WAITING)
    desk_number = models.PositiveSmallIntegerField(null=True)
    called = models.DateTimeField(null=True)
    called_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    done = models.DateTimeField(null=True)
    request = models.ForeignKey(Request, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["unit", "day", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "number"], name="queueticket_number_once"),
            models.CheckConstraint(condition=Q(state__in=TicketState.values), name="queueticket_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="queueticket_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.number}"


class Appointment(models.Model):
    """One span of time a desk offers; booked by receipt. Name and contact are sealed and only kept where given."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    #: Which of several desks that are open at the same time.
    lane = models.PositiveSmallIntegerField(default=1)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.COUNTER)
    state = models.CharField(max_length=10, choices=SlotState.choices, default=SlotState.OFFERED)
    receipt = models.CharField(max_length=16, blank=True)
    nonce = models.CharField(max_length=64, null=True, unique=True)
    secret = models.CharField(max_length=64, blank=True)
    name = EncryptedTextField(bind=("code",), null=True)
    contact = EncryptedTextField(bind=("code",), null=True)
    #: Where to come, for a visit at home.
    address = EncryptedTextField(bind=("code",), null=True)
    offered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SlotState.values), name="appointment_state_known"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="appointment_way_known"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="appointment_ends_after"),
            models.UniqueConstraint(
                fields=["unit", "starts", "lane"], condition=~Q(state=SlotState.CANCELLED), name="appointment_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "starts"])]

    def __str__(self) -> str:
        return self.code


class LineDay(models.Model):
    """One day of the telephone line, as the exchange counts it: numbers of calls only."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    offered = models.PositiveIntegerField()
    connected = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    entered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "day"], name="lineday_once"),
            models.CheckConstraint(
                condition=Q(connected__lte=F("offered"), in_time__lte=F("connected")), name="lineday_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
