"""Who was invited, and the answers, which know nobody."""

from __future__ import annotations

import uuid

from django.db import models

from qiao.hear.surveys.models.rounds import Round


class Invitation(models.Model):
    """That one person was invited, and whether an answer came: never which. No time, no order that could be joined.

    ``code_hash`` is the keyed hash of the single-use code, forgotten at closing. ``stratum`` and ``employment`` are
    the coarse design columns that go onto the answer.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    person_id = models.BigIntegerField()
    stratum = models.CharField(max_length=60)
    employment = models.CharField(max_length=60)
    code_hash = models.BinaryField(max_length=32, null=True)
    mailed = models.BooleanField(default=False)
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person_id"], name="invitation_once"),
            models.UniqueConstraint(fields=["code_hash"], name="invitation_code_once"),
        ]
        indexes = [models.Index(fields=["person_id"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.stratum}"


class Answer(models.Model):
    """One answer: what was said and the coarse design columns. No person, no code, no time, a random key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # No constraint in the database: checking it would lock the round's row with every answer. The one statement that
    # stores an answer reads that row itself. No index: answers are read once, when their round closes.
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="answers", db_constraint=False, db_index=False
    )
    stratum = models.CharField(max_length=60, blank=True)
    employment = models.CharField(max_length=60, blank=True)
    values = models.JSONField()

    def __str__(self) -> str:
        return str(self.id)
