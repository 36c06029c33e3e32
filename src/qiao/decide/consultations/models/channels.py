"""Taking part without an account: codes, stacks of paper, and by which channel a voice came. All end at the close."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.vault import EncryptedTextField
from qiao.decide.consultations.choices import Channel, SlipWay, StackState
from qiao.decide.consultations.models.texts import Consultation
from qiao.org.people.models import Account, Person


class Slip(models.Model):
    """A code by which one person takes part once. Only its keyed hash is kept; deleted at the close.

    ``number`` stands on a printed sheet and on the list by which sheets are handed out. A code sent to a telephone
    holds until ``until`` and for a few ``tries``.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="slips")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=SlipWay.choices)
    number = models.PositiveIntegerField(null=True)
    code_hash = models.BinaryField(max_length=32, null=True)
    until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    spent = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person", "way"], name="consultation_slip_once"),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~Q(way="phone"), name="consultation_slip_code_once"
            ),
            models.CheckConstraint(condition=Q(way__in=SlipWay.values), name="consultation_slip_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.number}"


class Voice(models.Model):
    """That somebody took part, and by which channel first: one row per person, whatever the channels.

    ``voter`` is the mark their votes carry: no person. Counted by channel at the close, then deleted.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="voices")
    voter = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "voter"], name="consultation_voice_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="consultation_voice_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.channel}"


class Stack(models.Model):
    """Paper sheets handed in together, under the evidence number they are filed by."""

    code = models.CharField(max_length=32, unique=True)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="stacks")
    state = models.CharField(max_length=10, choices=StackState.choices, default=StackState.TYPING)
    expected = models.PositiveIntegerField()
    evidence = models.CharField(max_length=60)
    opened = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    #: After storing: sheets taken, points left out because their author had spoken on them by another channel.
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=StackState.values), name="consultation_stack_state_known"),
            models.CheckConstraint(condition=Q(expected__gt=0), name="consultation_stack_of_something"),
            models.UniqueConstraint(fields=["consultation", "evidence"], name="consultation_stack_evidence_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Sheet(models.Model):
    """One sheet while it is typed twice, sealed. Deleted when the stack is stored."""

    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="sheets", db_index=False)
    number = models.PositiveIntegerField()
    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="+")
    said = EncryptedTextField(bind=("stack_id", "number"))
    again = EncryptedTextField(bind=("stack_id", "number"), blank=True)
    typed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    again_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Boxes in which the two typings differ, until somebody else has looked at the paper.
    differs = models.JSONField(default=list)

    class Meta:
        ordering = ["stack", "number"]
        constraints = [
            models.UniqueConstraint(fields=["stack", "number"], name="consultation_sheet_number_once"),
            models.UniqueConstraint(fields=["stack", "slip"], name="consultation_sheet_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stack_id} {self.number}"


class Move(models.Model):
    """Something that came of a consultation moved: told once to every author. ``reached`` is the last person told."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="moves")
    code = models.CharField(max_length=32)
    state = models.CharField(max_length=80)
    subject = models.JSONField()
    text = models.JSONField()
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "code", "state"], name="consultation_move_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"
