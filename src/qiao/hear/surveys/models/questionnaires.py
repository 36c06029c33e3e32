"""Questionnaires and their versions."""

from __future__ import annotations

from django.db import models

from qiao.base.i18n import pick
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Questionnaire(models.Model):
    """A questionnaire with its versions. Uploading again makes a new version, never a change."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    created = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class QuestionnaireVersion(models.Model):
    """One uploaded file, byte for byte. ``frozen`` is when its first round went into the field."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    languages = models.JSONField(default=list)
    questions = models.PositiveIntegerField()
    uploaded = models.DateTimeField()
    uploaded_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    frozen = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.number}"
