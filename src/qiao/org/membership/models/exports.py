"""Requests for exports of the register (handbook P10)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import ExportState
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class MemberExport(models.Model):
    """A request to take the register out of the platform: off unless asked for, approved by another, short-lived."""

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ExportState.choices, default=ExportState.ASKED)
    purpose = models.CharField(max_length=400)
    #: Whether telephone numbers and addresses are asked for; they are left out unless the purpose needs them.
    contacts = models.BooleanField(default=False)
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    asked = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="memberexport_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")) | Q(state=ExportState.RECALLED),
                name="memberexport_second_person",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-asked"])]

    def __str__(self) -> str:
        return self.code
