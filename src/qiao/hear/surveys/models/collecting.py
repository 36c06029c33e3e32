"""Collectors with an app of the OpenRosa kind, and the files they send: sealed while the round is open."""

from __future__ import annotations

import uuid

from django.db import models

from qiao.hear.surveys.models.rounds import Round
from qiao.org.people.models import Account


class Collector(models.Model):
    """One collector's access to one round. Its token is shown once and kept as a keyed hash; revoked it is void."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="collectors")
    name = models.CharField(max_length=120)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created = models.DateTimeField()
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="collector_name_once")]

    def __str__(self) -> str:
        return self.name


class AnswerFile(models.Model):
    """A picture or recording that belongs to an answer, which names it as ``file:<id>``. Sealed until its round closes.

    At closing it is opened and gets a new key, as its answer does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="answer_files", db_constraint=False, db_index=False
    )
    ending = models.CharField(max_length=10, blank=True)
    sealed = models.BooleanField(default=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"a file of an answer{self.ending}"
