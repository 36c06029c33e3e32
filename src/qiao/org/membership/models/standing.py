"""Standing: a dated right that follows the job (handbook C02)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import HOLDING, Employment, Standing
from qiao.org.membership.models.imports import ImportBatch
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
    #: While in transfer: the unit that is to receive the member, and since when.
    bound_for = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="arriving")
    in_transfer_since = models.DateField(null=True)
    batch = models.ForeignKey(
        ImportBatch, null=True, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Standing.values), name="membership_state_known"),
            models.CheckConstraint(condition=Q(employment__in=Employment.values), name="membership_employment_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state=Standing.TRANSFERRING, bound_for__isnull=False, in_transfer_since__isnull=False)
                | (~Q(state=Standing.TRANSFERRING) & Q(bound_for__isnull=True, in_transfer_since__isnull=True)),
                name="membership_in_transfer_somewhere",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True),
                name="membership_one_standing",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"]),
            # The register is read unit by unit, in the order of its numbers.
            models.Index(
                fields=["unit", "person"],
                condition=Q(until__isnull=True, state__in=HOLDING),
                name="membership_register",
            ),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="membership_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.unit_id}"
