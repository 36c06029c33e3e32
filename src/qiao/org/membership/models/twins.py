"""Imported persons without standing yet, and pairs of records that may be one person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import Employment, HoldReason, HoldState, TwinState
from qiao.org.membership.models.imports import ImportBatch
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit


class Twin(models.Model):
    """Two records that may be one person: the one with the smaller number stays if they are.

    ``signs`` says of each sign whether it is the same, different or unknown; never what it is. ``trace`` lists what a
    merge moved, so that it can be undone until ``undo_until``.
    """

    left = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    left_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    right_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=TwinState.choices, default=TwinState.OPEN)
    score = models.PositiveSmallIntegerField()
    signs = models.JSONField(default=dict)
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="twins")
    found = models.DateTimeField()
    proposed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    proposed = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    trace = models.JSONField(default=dict)
    undo_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TwinState.values), name="twin_state_known"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="twin_older_left"),
            models.UniqueConstraint(fields=["left", "right"], name="twin_once"),
            # Within one unit one officer decides; between units a second person does.
            models.CheckConstraint(
                condition=~Q(state=TwinState.MERGED)
                | Q(left_unit=F("right_unit"))
                | ~Q(decided_by=F("proposed_by"))
                | Q(proposed_by__isnull=True),
                name="twin_second_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["left_unit"], condition=Q(state__in=[TwinState.OPEN, TwinState.PROPOSED]), name="twin_open_left"
            ),
            models.Index(
                fields=["right_unit"],
                condition=Q(state__in=[TwinState.OPEN, TwinState.PROPOSED]),
                name="twin_open_right",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} = {self.right_id}?"


class Hold(models.Model):
    """One imported person whose standing waits: for consent, for an employer, or for the answer who they are."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="holds")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=12, choices=HoldReason.choices)
    state = models.CharField(max_length=12, choices=HoldState.choices, default=HoldState.OPEN)
    employment = models.CharField(max_length=12, choices=Employment.choices)
    since = models.DateField()
    #: What the table said of the employer.
    employer_text = models.CharField(max_length=80, blank=True)
    settled_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    settled = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=HoldReason.values), name="hold_reason_known"),
            models.CheckConstraint(condition=Q(state__in=HoldState.values), name="hold_state_known"),
            models.CheckConstraint(condition=Q(employment__in=Employment.values), name="hold_employment_known"),
            models.UniqueConstraint(fields=["person", "reason"], name="hold_once"),
        ]
        indexes = [models.Index(fields=["unit", "reason"], condition=Q(state=HoldState.OPEN), name="hold_open")]

    def __str__(self) -> str:
        return f"{self.person_id} ({self.reason})"
