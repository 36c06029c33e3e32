"""Statements members vote on. A vote carries no person: see `Vote`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import Side
from qiao.decide.consultations.models.texts import Consultation


class Statement(models.Model):
    """One sentence members agree with, disagree with or pass on. Its words are fixed once noticed.

    One that moderation took out is not ``shown``: nobody votes on it any more, and its votes count nowhere.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.JSONField()
    shown = models.BooleanField(default=True)

    class Meta:
        ordering = ["consultation", "number"]
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="statement_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {pick(self.text)[:40]}"


class Vote(models.Model):
    """One voter's vote on one statement: no person, no time, no order.

    ``voter`` is a keyed hash of consultation and person while open, so that a vote can be changed and counts once;
    at the close it is replaced by a random mark and the key's salt is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=64)
    value = models.SmallIntegerField(choices=Side.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "voter"], name="vote_one_voice"),
            models.CheckConstraint(condition=Q(value__in=Side.values), name="vote_value_known"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.value}"
