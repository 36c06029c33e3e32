"""What fielding needs beside invitations: calls, stacks of paper, bursts from one address. All ends by closing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.vault import EncryptedTextField
from qiao.hear.surveys.choices import BatchState, CallOutcome
from qiao.hear.surveys.models.answers import Invitation
from qiao.hear.surveys.models.rounds import Round
from qiao.org.people.models import Account


class Call(models.Model):
    """One person on an interviewer's list. Nothing is written here when the interview is held; erased at closing."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="call")
    interviewer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=CallOutcome.choices, default=CallOutcome.NONE)
    appointment = models.DateTimeField(null=True)
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=CallOutcome.values), name="call_outcome_known"),
            models.CheckConstraint(
                condition=Q(appointment__isnull=True) | Q(outcome=CallOutcome.APPOINTMENT), name="call_appointment_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.outcome}"


class PaperBatch(models.Model):
    """A stack of paper questionnaires with its declared count; nothing of it counts before all of it is stored."""

    code = models.CharField(max_length=32, unique=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="batches")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.TYPING)
    expected = models.PositiveIntegerField()
    #: Percent of the sheets that somebody else types again: as the setting was at the start.
    share = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    opened = models.DateTimeField()
    #: After storing: how many were taken, how many had answered another way, how many differences were settled.
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="paperbatch_state_known"),
            models.CheckConstraint(condition=Q(expected__gt=0), name="paperbatch_of_something"),
        ]

    def __str__(self) -> str:
        return self.code


class PaperSheet(models.Model):
    """One sheet of a stack while it is being typed: answers sealed, the code as its keyed hash. Deleted at storing."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="sheets", db_index=False)
    number = models.PositiveIntegerField()
    code_hash = models.BinaryField(max_length=32)
    answers = EncryptedTextField(bind=("batch_id", "number"))
    again = EncryptedTextField(bind=("batch_id", "number"), blank=True)
    typed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    again_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Questions in which the two typings differ, until somebody has looked at the paper.
    differs = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="papersheet_number_once"),
            models.UniqueConstraint(fields=["batch", "code_hash"], name="papersheet_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class Burst(models.Model):
    """How many volunteers' answers came from one address on one day; the address only as a keyed hash of that day."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.BinaryField(max_length=32)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="burst_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"
