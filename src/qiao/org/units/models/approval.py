"""Papers of a unit's life: its founding, each step of its state, its headcounts, its end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.units.choices import ClosingState, Ending, LeadForm, Proposer, UnitState
from qiao.org.units.models.unit import Unit


class Founding(models.Model):
    """The one form by which a unit is proposed, and what became of it."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="founding")
    code = models.CharField(max_length=32, unique=True)
    proposer = models.CharField(max_length=8, choices=Proposer.choices)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by = models.CharField(max_length=160)
    proposed = models.DateTimeField()
    #: One employer a line, as the proposers call it: {"name": …, "reg_code": …}.
    employers = models.JSONField(default=list)
    headcount = models.PositiveIntegerField()
    founders = models.PositiveIntegerField()
    lead_form = models.CharField(max_length=12, choices=LeadForm.choices)
    prepares = models.CharField(max_length=160)
    planned = models.DateField()
    note = models.TextField(blank=True)
    #: The clock of the unit above: a running clock keeps the rule it started under.
    clock_from = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    due_rule = models.CharField(max_length=120, blank=True)
    prepared = models.DateTimeField(null=True)
    members_ready = models.PositiveIntegerField(null=True)
    approved = models.DateTimeField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by = models.CharField(max_length=160, blank=True)
    refused = models.DateTimeField(null=True)
    refused_by_id = models.BigIntegerField(null=True)
    refused_from = models.CharField(max_length=12, blank=True)
    refused_at_path = models.CharField(max_length=120, blank=True)
    refusal = models.TextField(blank=True)
    #: Officers whose refusal was set aside: they do not decide this one again.
    barred_ids = models.JSONField(default=list)
    receipt = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(proposer__in=Proposer.values), name="founding_proposer_known"),
            models.CheckConstraint(condition=Q(lead_form__in=LeadForm.values), name="founding_lead_form_known"),
            # No unit is approved by whoever proposed it.
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True)
                | Q(proposed_by_id__isnull=True)
                | ~Q(approved_by_id=F("proposed_by_id")),
                name="founding_proposer_does_not_approve",
            ),
            models.CheckConstraint(
                condition=Q(refused__isnull=True) | ~Q(refusal=""), name="founding_refusal_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["due"])]

    def __str__(self) -> str:
        return self.code


class UnitStep(models.Model):
    """One step of a unit's state (mechanism S3): who, when, from, to, on what ground. Never changed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    day = models.DateField()
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=UnitState.choices)
    account_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=160)
    ground = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(after__in=UnitState.values), name="unitstep_state_known")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.before} → {self.after}"


class Headcount(models.Model):
    """How many employees a unit's employers had on a day, entered by the unit above. Corrected by a later entry."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="headcounts")
    day = models.DateField()
    employees = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    entered = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.employees} ({self.day})"


class Closing(models.Model):
    """The end of a unit: asked with the congress's decision, agreed by the unit above, carried out on its day."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closings")
    code = models.CharField(max_length=32, unique=True)
    ending = models.CharField(max_length=16, choices=Ending.choices)
    state = models.CharField(max_length=8, choices=ClosingState.choices, default=ClosingState.ASKED)
    #: The unit that takes over in a merger.
    receiver = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="receives")
    ground = models.TextField()
    congress_day = models.DateField()
    entitled = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    votes_for = models.PositiveIntegerField()
    record = models.CharField(max_length=200)
    planned = models.DateField()
    before = models.CharField(max_length=12, choices=UnitState.choices)
    asked = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=160)
    due = models.DateTimeField(null=True)
    due_rule = models.CharField(max_length=120, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ending__in=Ending.values), name="closing_ending_known"),
            models.CheckConstraint(condition=Q(state__in=ClosingState.values), name="closing_state_known"),
            models.CheckConstraint(
                condition=Q(votes_for__lte=F("present")) & Q(present__lte=F("entitled")), name="closing_votes_add_up"
            ),
            models.CheckConstraint(
                condition=Q(ending=Ending.MERGER, receiver__isnull=False)
                | Q(ending=Ending.EMPLOYER_ENDED, receiver__isnull=True),
                name="closing_merger_has_a_receiver",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | Q(asked_by_id__isnull=True)
                | ~Q(decided_by_id=F("asked_by_id")),
                name="closing_asker_does_not_decide",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=[ClosingState.ASKED, ClosingState.AGREED]),
                name="closing_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.code
