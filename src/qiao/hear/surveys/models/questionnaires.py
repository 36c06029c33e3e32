"""Questionnaires, their versions, what is being written, the files that go with them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.hear.surveys.choices import DraftAct, Origin
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Questionnaire(models.Model):
    """A questionnaire with its versions. Uploading or writing again makes a new version, never a change."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    created = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class QuestionnaireVersion(models.Model):
    """One state of a questionnaire that never changes. ``frozen`` is when its first round went into the field.

    ``content`` is the file as it was uploaded, byte for byte, or as the editor wrote it; ``document`` the same as the
    house keeps it (see `qiao.base.xlsform.document`). ``origin`` says where it came from.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    document = models.JSONField(default=dict)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.FILE)
    sha256 = models.CharField(max_length=64)
    languages = models.JSONField(default=list)
    questions = models.PositiveIntegerField()
    uploaded = models.DateTimeField()
    uploaded_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    frozen = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="version_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.number}"


class FormFile(models.Model):
    """A picture, sound or film that labels show. A file never changes: another content is another row."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added = models.DateTimeField()
    added_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["name", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "name", "sha256"], name="form_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FormDraft(models.Model):
    """What is being written for a questionnaire: one draft at a time. ``revision`` counts its changes.

    ``base`` is the number of the version it began with; 0 for none.
    """

    questionnaire = models.OneToOneField(Questionnaire, on_delete=models.CASCADE, related_name="draft")
    document = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    base = models.PositiveIntegerField(default=0)
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.questionnaire_id} r{self.revision}"


class DraftStep(models.Model):
    """A draft as it stood after one change, so that any can be gone back to. ``act`` names the change."""

    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, related_name="steps")
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    act = models.CharField(max_length=12, choices=DraftAct.choices)
    about = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="draft_step_once"),
            models.CheckConstraint(condition=Q(act__in=DraftAct.values), name="draft_act_known"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.revision} {self.act}"
