"""A lost mobile number: another is set by two officers who have seen the member, after a time to object."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.vault import EncryptedTextField
from qiao.org.people.choices import NumberState
from qiao.org.people.models.person import Account, Person


class NumberChange(models.Model):
    """One change. The new number stands here, sealed, only until it is set or the change has ended otherwise.

    ``holds_from`` and the rule it came from stay as they were when the old contacts were warned.
    """

    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="number_changes")
    unit_path = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=NumberState.choices, default=NumberState.ASKED)
    value = EncryptedTextField(bind=("code",), null=True)
    #: What showed the officer that it is this member, in words; never a number of a paper.
    seen = models.CharField(max_length=200)
    asked = models.DateTimeField()
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The code sent to the new number, until when it holds, and how often it was missed.
    proof = EncryptedTextField(bind=("code",), null=True)
    proof_until = models.DateTimeField(null=True)
    proof_tries = models.PositiveSmallIntegerField(default=0)
    holds_from = models.DateTimeField(null=True)
    rule = models.CharField(max_length=120, blank=True)
    #: Of the secret in the link by which whoever holds an old contact stops it, only the hash.
    stop_hash = models.BinaryField(max_length=32, null=True, unique=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = EncryptedTextField(bind=("code",), null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NumberState.values), name="numberchange_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="numberchange_second_person"
            ),
            # What has ended holds no number any more.
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(value__isnull=True, proof__isnull=True, stop_hash__isnull=True),
                name="numberchange_ended_is_empty",
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(ended__isnull=True), name="numberchange_one_open"),
        ]
        indexes = [models.Index(fields=["state", "holds_from"])]

    def __str__(self) -> str:
        return self.code
