"""Allocation sheets and their lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.judge.allocation.choices import Level, State


class Sheet(models.Model):
    """One budget divided among the units of one level below ``unit``. Money is in cents.

    ``weights`` by the column of the file and ``limit`` (null: none) are those in force when the sheet was drafted; a
    later change of the settings does not touch it. ``days``: of which days the counted inputs are. ``sha256``: of the
    sheet's file as published, which the ledger holds. ``before_code``: the sheet of the year before, if there is one.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12, choices=Level.choices)
    year = models.PositiveSmallIntegerField()
    title = models.JSONField()
    budget = models.BigIntegerField()
    weights = models.JSONField()
    limit = models.FloatField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    drafted = models.DateTimeField()
    days = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    before_code = models.CharField(max_length=32, blank=True)
    computed = models.DateTimeField(null=True)
    computed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    published = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    consultation_code = models.CharField(max_length=32, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.JSONField(default=dict)
    paid = models.DateField(null=True)
    paid_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    compared = models.DateTimeField(null=True)
    comparison = models.JSONField(default=dict)
    audited = models.DateTimeField(null=True)
    audited_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.JSONField(default=dict)
    withdrawn_reason = models.JSONField(default=dict)

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="allocation_state_known"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="allocation_level_known"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="allocation_budget_above_zero"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "consulted", "decided", "paid", "compared", "audited"])
                | Q(published__isnull=False) & ~Q(sha256=""),
                name="allocation_published_has_a_hash",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(computed_by__isnull=True) | ~Q(decided_by=F("computed_by")),
                name="allocation_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(audited_by__isnull=True)
                | (Q(computed_by__isnull=True) | ~Q(audited_by=F("computed_by")))
                & (Q(decided_by__isnull=True) | ~Q(audited_by=F("decided_by")))
                & (Q(paid_by__isnull=True) | ~Q(audited_by=F("paid_by"))),
                name="allocation_audited_by_a_third",
            ),
            models.UniqueConstraint(
                fields=["unit", "level", "year"], condition=~Q(state=State.WITHDRAWN), name="allocation_one_a_year"
            ),
        ]

    def __str__(self) -> str:
        return pick(self.title)


class SheetLine(models.Model):
    """One unit of a sheet as computed: inputs by column (null: missing), need and shares from 0 to 1, cents.

    ``sources``: for each entered input its day and source. ``least``, ``most``: over all moved weights. ``paid``: what
    the unit got in the end, ``paid_reason`` why that differs.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="lines")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=40)
    members = models.PositiveIntegerField()
    raised_members = models.BooleanField(default=False)
    inputs = models.JSONField()
    sources = models.JSONField(default=dict)
    ranks = models.JSONField()
    before = models.BigIntegerField(null=True)
    need = models.FloatField()
    wanted = models.FloatField()
    share = models.FloatField()
    amount = models.BigIntegerField()
    least = models.BigIntegerField()
    most = models.BigIntegerField()
    bound = models.CharField(max_length=8, blank=True)
    paid = models.BigIntegerField(null=True)
    paid_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0, members__gt=0), name="sheetline_amount_and_members"),
            models.CheckConstraint(condition=Q(bound__in=["", "floor", "ceiling"]), name="sheetline_bound_known"),
            models.UniqueConstraint(fields=["sheet", "unit"], name="sheetline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.label}"
