"""What the union does for people, and which body does it where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.hear.rights.choices import Topic
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Offer(models.Model):
    """One service: what it is, and the one-time list of papers to bring. ``takes_reports``: other systems may file
    requests for it (Open311)."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=12, choices=Topic.choices)
    name = models.JSONField()
    text = models.JSONField(default=dict)
    papers = models.JSONField(default=list)
    takes_reports = models.BooleanField(default=False)
    confirmed = models.DateField()
    made = models.DateTimeField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["topic", "pk"]
        constraints = [models.CheckConstraint(condition=Q(topic__in=Topic.values), name="offer_topic_known")]

    def __str__(self) -> str:
        return self.code


class OfferBody(models.Model):
    """A body that gives a service: address, hours, telephone of the office, and how many posts work on it."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="bodies")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    address = models.JSONField(default=dict)
    hours = models.JSONField(default=dict)
    phone = models.CharField(max_length=40, blank=True)
    posts = models.PositiveSmallIntegerField(default=1)
    confirmed = models.DateField()

    class Meta:
        ordering = ["offer", "unit__path"]
        constraints = [models.UniqueConstraint(fields=["offer", "unit"], name="offerbody_once")]

    def __str__(self) -> str:
        return f"{self.offer_id} @ {self.unit_id}"
