"""The staging of imports (handbook S11)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.base.vault import EncryptedTextField, FingerprintField
from qiao.org.membership.choices import BatchState, ChunkKind, Field, HoldReason, Verdict
from qiao.org.people.models import Account
from qiao.org.people.models.contacts import CONTACT_PURPOSE, IDENTITY_PURPOSE
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


class ImportChunk(models.Model):
    """Some rows of a staged table, sealed as one (Arrow IPC in base64): staging holds no cell in plain text.

    Kind "cells": the columns that were kept, deleted when the batch is handed over. Kind "contacts": telephone numbers
    and addresses as they were read, with their row; deleted on confirmation. Both at the latest after the staging time.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    kind = models.CharField(max_length=8, choices=ChunkKind.choices, default=ChunkKind.CELLS)
    number = models.PositiveIntegerField()
    sealed = EncryptedTextField(bind=("batch_id", "kind", "number"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChunkKind.values), name="importchunk_kind_known"),
            models.UniqueConstraint(fields=["batch", "kind", "number"], name="importchunk_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class ImportRow(models.Model):
    """One row as it was read; deleted with the batch's end, at the latest after the staging time.

    ``row`` counts as the sheet does. Of contacts and identity numbers there are keyed marks and the last four signs;
    contacts themselves lie sealed in chunks. ``notes`` says what was left out of a row that is otherwise in order.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row = models.PositiveIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.READY)
    name = models.CharField(max_length=80, blank=True)
    #: The name as it is compared: traditional characters simplified.
    name_key = models.CharField(max_length=80, blank=True)
    employment = models.CharField(max_length=12, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    unit_id = models.BigIntegerField(null=True)
    employer_id = models.BigIntegerField(null=True)
    employer_text = models.CharField(max_length=80, blank=True)
    hold = models.CharField(max_length=12, choices=HoldReason.choices, blank=True)
    mobile_mark = FingerprintField(null=True, purpose=CONTACT_PURPOSE)
    mail_mark = FingerprintField(null=True, purpose=CONTACT_PURPOSE)
    identity_mark = FingerprintField(null=True, purpose=IDENTITY_PURPOSE)
    identity_tail = models.CharField(max_length=4, blank=True)
    #: The person of the register, or the row of the same table, this one may be; elsewhere: a person of another unit's
    #: register, whom this table's officers do not see.
    twin_number = models.BigIntegerField(null=True)
    twin_row = models.PositiveIntegerField(null=True)
    twin_elsewhere = models.BooleanField(default=False)
    twin_signs = ArrayField(models.CharField(max_length=12), default=list)
    #: For perhaps-duplicates: somebody said that it is another person.
    other_person = models.BooleanField(default=False)
    #: The row of the table whose person this one is for certain (an earlier standing of the same identity number).
    same_as_row = models.PositiveIntegerField(null=True)
    #: The number the person will have; taken from the sequence when the row is read.
    person_number = models.BigIntegerField(null=True)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)

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
