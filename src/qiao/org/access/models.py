"""Grants of roles."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.access.choices import Role, TieKind
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer


class RoleGrant(models.Model):
    """One role, held by an account in a unit and all below it, from a day on."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_known"),
            # A grant ended on its first day has held for no day at all.
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grant_ends_not_before"
            ),
            models.UniqueConstraint(
                fields=["account", "role", "unit"], condition=Q(until__isnull=True), name="grant_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} @ {self.unit_id}"


class TieDeclaration(models.Model):
    """A declared tie of an account to an employer's management, dated; while it lasts it bars from its matters."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ties")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=TieKind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TieKind.values), name="tie_kind_known"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="tie_ends_after"),
            models.UniqueConstraint(
                fields=["account", "employer", "kind"], condition=Q(until__isnull=True), name="tie_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind} {self.employer_id}"
