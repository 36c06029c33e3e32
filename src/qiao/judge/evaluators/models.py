"""Evaluators' organisations and who has a seat in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.judge.evaluators.choices import Duty
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Organisation(models.Model):
    """An organisation from outside that may judge in ``unit`` and below, from a day on.

    ``phone`` is where those asked may ring to answer by telephone; empty where it takes none.
    """

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()
    reg_code = models.CharField(max_length=18, unique=True)
    contact = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    admitted = models.DateTimeField()
    admitted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return pick(self.name)


class Seat(models.Model):
    """Somebody who works for an organisation, from a day until another. One organisation at a time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=12, choices=Duty.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    given_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="seat_duty_known"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="seat_ends_later"),
            models.UniqueConstraint(fields=["account"], condition=Q(until__isnull=True), name="seat_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.account_id} {self.duty}"

    @property
    def is_lead(self) -> bool:
        """Whether they run evaluations and seat others."""
        return self.duty == Duty.LEAD
