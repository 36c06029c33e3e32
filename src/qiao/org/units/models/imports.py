"""Staging of imported units (mechanism S11)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.org.units.choices import BatchState
from qiao.org.units.models.unit import Unit


class UnitBatch(models.Model):
    """One table of units, staged below a unit. ``columns``: header, filled cells and the field each is taken for."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="unit_batches")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.MATCHING)
    source = models.CharField(max_length=200)
    sheet = models.CharField(max_length=120, blank=True)
    columns = models.JSONField()
    dropped = models.JSONField()
    rows_total = models.PositiveIntegerField()
    rows_good = models.PositiveIntegerField(default=0)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded = models.DateTimeField()
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="unitbatch_state_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by_id__isnull=True)
                | Q(uploaded_by_id__isnull=True)
                | ~Q(confirmed_by_id=F("uploaded_by_id")),
                name="unitbatch_second_person_confirms",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class UnitRow(models.Model):
    """One row of a staged table, as it was read; ``faults`` are message keys with what they name."""

    batch = models.ForeignKey(UnitBatch, on_delete=models.CASCADE, related_name="rows")
    row = models.IntegerField()
    cells = ArrayField(models.TextField())
    #: What the row says once read: {"label": …, "kind": …, "founded": …}; empty until columns are matched.
    read = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    good = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="unitrow_once")]
        indexes = [models.Index(fields=["batch", "good", "row"], name="unitrow_verdict")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row}"


class UnitColumn(models.Model):
    """What a header was taken for when a table was last staged below a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    header = models.CharField(max_length=120)
    field = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "header"], name="unitcolumn_once")]

    def __str__(self) -> str:
        return f"{self.header} → {self.field}"
