"""Who was invited, and the answers, which know nobody."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from qiao.hear.surveys.choices import Delivery, Mode
from qiao.hear.surveys.models.rounds import Round


class Invitation(models.Model):
    """That one person (or base union) was invited, and whether an answer came: never which.

    No time, no order that could be joined. ``code_hash`` is the keyed hash of the single-use code, forgotten at the
    close. ``stratum``, ``cluster``, ``employment`` and ``mode`` are the coarse design columns on the answer; each is
    empty or merged where fewer than `rules.DESIGN_CELL` invited share it. ``slip`` numbers the paper slips: the list of
    names knows it, the slip with the code bears it, neither has what is on the other.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    stratum = models.CharField(max_length=60)
    cluster = models.CharField(max_length=20, blank=True, db_default="")
    employment = models.CharField(max_length=60)
    mode = models.CharField(max_length=5, choices=Mode.choices, blank=True, db_default="")
    code_hash = models.BinaryField(max_length=32, null=True)
    delivery = models.CharField(
        max_length=13, choices=Delivery.choices, default=Delivery.WAITING, db_default=Delivery.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: The last wave of reminders this person was in.
    wave = models.PositiveSmallIntegerField(default=0, db_default=0)
    slip = models.PositiveIntegerField(null=True)
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person_id"], name="invitation_once"),
            models.UniqueConstraint(fields=["round", "unit_id"], name="invitation_unit_once"),
            models.UniqueConstraint(fields=["code_hash"], name="invitation_code_once"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="invitation_delivery_known"),
            models.CheckConstraint(condition=Q(mode__in=["", *Mode.values]), name="invitation_mode_known"),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False) | Q(unit_id__isnull=False), name="invitation_of_somebody"
            ),
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
    cluster = models.CharField(max_length=20, blank=True, db_default="")
    employment = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=5, blank=True, db_default="")
    #: Came in a burst from one address (volunteers only): kept, counted, and said.
    flagged = models.BooleanField(default=False, db_default=False)
    values = models.JSONField()

    def __str__(self) -> str:
        return str(self.id)
