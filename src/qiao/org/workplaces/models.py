"""Employers, their dated headcounts, the unions formed at them, and the staging of their import.

Of an employer the platform holds what a public register shows and an office one can write to: no contact person, no
log-in, nothing of its workers.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import BatchState, CountSource, EmployerState, Field, Ownership, Sector, Verdict


class EmployerBatch(models.Model):
    """One table of employers somebody handed in: staged, matched, confirmed by a second person, undone as one.

    ``dropped`` lists the columns that were not stored: header, class, rows filled. ``columns`` are those that were.
    """

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employer_batches")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.UPLOADED)
    source = models.CharField(max_length=200)
    sheet = models.CharField(max_length=120, blank=True)
    columns = models.JSONField()
    dropped = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    counted = models.DateField(null=True)
    rows_total = models.PositiveIntegerField()
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="employerbatch_state_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("uploaded_by")),
                name="employerbatch_second_person",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-uploaded"])]

    def __str__(self) -> str:
        return self.code


class EmployerRow(models.Model):
    """One staged row; deleted with the batch's end. ``read`` holds the values as understood; ``row`` as the sheet."""

    batch = models.ForeignKey(EmployerBatch, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.RAW)
    read = models.JSONField(default=dict)
    known_id = models.BigIntegerField(null=True)
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="employerrow_verdict_known"),
            models.UniqueConstraint(fields=["batch", "row"], name="employerrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"


class EmployerColumn(models.Model):
    """Which header held which field when a unit last matched its columns."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    header = models.CharField(max_length=120)
    field = models.CharField(max_length=12, choices=Field.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "header"], name="employercolumn_once"),
            models.CheckConstraint(condition=Q(field__in=["", *Field.values]), name="employercolumn_field_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.header}"


class Employer(models.Model):
    """A legal person employing workers, in its hub or district (``place``); ``office`` is a channel of an office."""

    code = models.CharField(max_length=16, unique=True)
    reg_code = models.CharField(max_length=18, null=True, blank=True, unique=True)
    name = models.CharField(max_length=160, db_index=True)
    ownership = models.CharField(max_length=12, choices=Ownership.choices)
    sector = models.CharField(max_length=4, choices=Sector.choices)
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employers_here")
    state = models.CharField(max_length=8, choices=EmployerState.choices, default=EmployerState.OPEN)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    office = models.CharField(max_length=160, blank=True)
    entered = models.DateTimeField()
    #: When somebody last confirmed that all this is so (freshness, S15).
    confirmed = models.DateField()
    batch = models.ForeignKey(
        EmployerBatch, null=True, on_delete=models.PROTECT, related_name="employers", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EmployerState.values), name="employer_state_known"),
            models.CheckConstraint(condition=Q(ownership__in=Ownership.values), name="employer_ownership_known"),
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="employer_sector_known"),
            models.CheckConstraint(
                condition=(Q(state=EmployerState.CLOSED) & Q(closed__isnull=False))
                | (Q(state=EmployerState.OPEN) & Q(closed__isnull=True)),
                name="employer_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(opened__isnull=True) | Q(closed__gte=F("opened")),
                name="employer_not_closed_before_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "name"]),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="employer_of_batch"),
        ]

    def __str__(self) -> str:
        return self.name


class EmployerHeadcount(models.Model):
    """How many worked for an employer on a day, by kind. Rows are never changed: a later row takes one back.

    ``corrects`` names the row a counter-entry takes back; a counter-entry that only withdraws has ``withdraws`` set and
    its numbers are 0. In force is a row that no other corrects and that withdraws nothing.
    """

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="headcounts")
    day = models.DateField()
    direct = models.PositiveIntegerField()
    agency = models.PositiveIntegerField(default=0)
    platform = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=10, choices=CountSource.choices)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    entered = models.DateTimeField()
    corrects = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="corrected_by")
    withdraws = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(
        EmployerBatch, null=True, on_delete=models.PROTECT, related_name="headcounts", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(source__in=CountSource.values), name="headcount_source_known"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="headcount_corrected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdraws=False) | Q(corrects__isnull=False, direct=0, agency=0, platform=0),
                name="headcount_withdraws_something",
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "-day", "-id"]),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="headcount_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id} {self.day} {self.total}"

    @property
    def total(self) -> int:
        """All who worked there."""
        return self.direct + self.agency + self.platform


class UnitEmployer(models.Model):
    """A union unit formed at an employer from a day on; ``until`` is the first day it no longer holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employer_links")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="unit_links")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    entered = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="unitemployer_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["employer"], condition=Q(until__isnull=True), name="unitemployer_one_union_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} ↔ {self.employer_id}"
