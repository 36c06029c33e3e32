"""The question bank: items that are asked again, each wording they had, and where each was used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.hear.surveys.choices import Topic
from qiao.hear.surveys.models.questionnaires import QuestionnaireVersion
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class BankItem(models.Model):
    """One thing that is asked again and again. ``key`` never changes and is never given to another item.

    ``unit`` is who keeps it; items without one ship with the platform. ``retired`` items are not offered any more.
    """

    key = models.CharField(max_length=60, unique=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=16, choices=Topic.choices)
    source = models.JSONField(default=dict)
    created = models.DateTimeField()
    retired = models.DateTimeField(null=True)

    class Meta:
        ordering = ["topic", "key"]
        constraints = [models.CheckConstraint(condition=Q(topic__in=Topic.values), name="bank_topic_known")]

    def __str__(self) -> str:
        return self.key


class BankWording(models.Model):
    """One wording of an item: the question with its choices, which never changes. ``sha256`` tells wordings apart.

    ``content`` is a document of this one question (see `qiao.base.xlsform.document`).
    """

    item = models.ForeignKey(BankItem, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created = models.DateTimeField()
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="bank_wording_number_once"),
            models.UniqueConstraint(fields=["item", "sha256"], name="bank_wording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} w{self.number}"


class BankUse(models.Model):
    """That a version of a questionnaire asks an item, under which name and in which wording."""

    item = models.ForeignKey(BankItem, on_delete=models.CASCADE, related_name="uses")
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="bank_uses")
    key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="bank_use_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.key}"
