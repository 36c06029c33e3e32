"""Membership: a dated right that follows the job."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import Employment, Standing
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


class Membership(models.Model):
    """One person's standing in one unit from a day on. ``until`` is the first day it no longer holds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=12, choices=Standing.choices, default=Standing.ACTIVE)
    employment = models.CharField(max_length=12, choices=Employment.choices, default=Employment.DIRECT)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Standing.values), name="membership_state_known"),
            models.CheckConstraint(condition=Q(employment__in=Employment.values), name="membership_employment_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True),
                name="membership_one_standing",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.unit_id}"
