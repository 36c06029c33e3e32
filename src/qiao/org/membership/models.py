"""Membership: a dated right that follows the job; beside it the staging of imports and the requests for exports."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import HOLDING, BatchState, Employment, ExportState, Field, Standing, Verdict
from qiao.org.people.models import Account, Person
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


class MemberExport(models.Model):
    """A request to take the register out of the platform: off unless asked for, approved by another, short-lived."""

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ExportState.choices, default=ExportState.ASKED)
    purpose = models.CharField(max_length=400)
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
