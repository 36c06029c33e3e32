"""The log of an officer's days at the base: of the officer, never of workers.

There is no field for a worker's name, opinion, belief, photo or track, and none may be added.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.deliver.contacts.choices import DutyState, IssueOutcome, System, Topic
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Duty(models.Model):
    """One visit of one officer to one unit: planned, agreed by the place, done, its issues answered.

    ``present``: what the place says of it; a day counts only where the place says yes, and either issues were raised
    or the place confirms that none were.
    """

    code = models.CharField(max_length=32, unique=True)
    officer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    where = models.CharField(max_length=120, blank=True)
    system = models.CharField(max_length=16, choices=System.choices)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    open_to_workers = models.BooleanField(default=True)
    state = models.CharField(max_length=16, choices=DutyState.choices, default=DutyState.PLANNED)
    planned = models.DateTimeField()
    log_due = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    notes = models.TextField(blank=True)
    none_raised = models.BooleanField(default=False)
    logged = models.DateTimeField(null=True)
    present = models.BooleanField(null=True)
    attested_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    attested = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DutyState.values), name="duty_state_known"),
            models.CheckConstraint(condition=Q(system__in=System.values), name="duty_system_known"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="duty_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("officer")), name="duty_agreed_by_the_place"
            ),
            models.CheckConstraint(
                condition=Q(attested_by__isnull=True) | ~Q(attested_by=F("officer")), name="duty_attested_by_the_place"
            ),
            models.CheckConstraint(
                condition=~Q(state=DutyState.CANCELLED) | ~Q(reason=""), name="duty_cancelled_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "starts"]),
            models.Index(fields=["place", "starts"]),
            models.Index(fields=["state", "log_due"]),
        ]

    def __str__(self) -> str:
        return self.code


class Issue(models.Model):
    """One matter raised with an officer at the base, by nobody named; its receipt tells what became of it."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="issues")
    serial = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=12, choices=Topic.choices)
    text = models.TextField()
    receipt = models.CharField(max_length=16, unique=True)
    #: The request it became at the service window, which answers it then.
    request = models.CharField(max_length=32, blank=True)
    holder = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    handed = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=IssueOutcome.choices, blank=True)

    class Meta:
        ordering = ["duty", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "serial"], name="issue_serial_once"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="issue_topic_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *IssueOutcome.values]), name="issue_outcome_known"),
            models.CheckConstraint(
                condition=Q(handed__isnull=True) | Q(holder__isnull=False, due__isnull=False),
                name="issue_handed_to_somebody_by_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(answered__isnull=False), name="issue_outcome_of_an_answer"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["holder", "due"], condition=Q(answered__isnull=True), name="issue_waiting")]

    def __str__(self) -> str:
        return f"{self.duty_id}/{self.serial}"
