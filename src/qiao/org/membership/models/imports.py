"""The staging of imports (handbook S11)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import BatchState, Field, Verdict
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class ImportBatch(models.Model):
    """One table of members somebody handed in: staged, matched, confirmed by a second person, undone as one.

    ``dropped`` lists the columns that were not stored: header, class, rows filled. ``columns`` are those that were.
    ``mapping`` says which column holds which field, ``defaults`` what holds for rows without such a column.
    """

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="import_batches")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.UPLOADED)
    source = models.CharField(max_length=200)
    sheet = models.CharField(max_length=120, blank=True)
    columns = models.JSONField()
    dropped = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    defaults = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField()
    #: How many rows of each verdict there were, and how many members were admitted or removed again.
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="importbatch_state_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("uploaded_by")),
                name="importbatch_second_person",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-uploaded"])]

    def __str__(self) -> str:
        return self.code


class ImportRow(models.Model):
    """One staged row; deleted with the batch's end, at the latest after seven days. ``row`` as the sheet counts."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.RAW)
    name = models.CharField(max_length=80, blank=True)
    employment = models.CharField(max_length=12, blank=True)
    since = models.DateField(null=True)
    unit_id = models.BigIntegerField(null=True)
    #: The person of the register, or the row of the same table, this one may be.
    twin_number = models.BigIntegerField(null=True)
    twin_row = models.PositiveIntegerField(null=True)
    #: For perhaps-duplicates: somebody said that it is another person.
    other_person = models.BooleanField(default=False)
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="importrow_verdict_known"),
            models.UniqueConstraint(fields=["batch", "verdict", "row"], name="importrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"


class ColumnMemory(models.Model):
    """Which header held which field when a unit last matched its columns."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    header = models.CharField(max_length=120)
    field = models.CharField(max_length=12, choices=Field.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "header"], name="columnmemory_once"),
            models.CheckConstraint(condition=Q(field__in=["", *Field.values]), name="columnmemory_field_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.header}"
