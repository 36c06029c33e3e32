"""Consultations and the versions of their text, in numbered clauses."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import ConsultationState
from qiao.org.units.models import Unit


class Consultation(models.Model):
    """A question put to the members of a unit, with its text, dates and state.

    ``salt`` makes the keys of votes while the consultation is open; it is erased at the close (``None``), and from
    then on nobody can tell whose vote is whose. ``results`` holds what is published of the votes, written at the close.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="consultations")
    title = models.JSONField()
    question = models.JSONField()
    state = models.CharField(max_length=12, choices=ConsultationState.choices, default=ConsultationState.DRAFT)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    salt = models.BinaryField(max_length=32, null=True)
    drafted = models.DateTimeField()
    noticed = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)
    #: The periods this consultation keeps: those in force when it was announced.
    customary_days = models.PositiveSmallIntegerField(default=15)
    answer_days = models.PositiveSmallIntegerField(default=30)
    papers_days = models.PositiveSmallIntegerField(default=7)
    answer_due = models.DateTimeField(null=True)
    #: The period that was announced; a change of the text begins it anew.
    full_period = models.DurationField(null=True)
    #: How many took part by each channel, written at the close; and how many opinions their authors took back.
    channels = models.JSONField(null=True)
    taken_back = models.PositiveIntegerField(default=0)
    voters = models.PositiveIntegerField(null=True)
    results = models.JSONField(null=True)
    reason = models.JSONField(default=dict)

    class Meta:
        ordering = ["-opens", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConsultationState.values), name="consultation_state_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="consultation_closes_later"),
            models.CheckConstraint(
                condition=~Q(state__in=["noticed", "open", "closed", "answered"]) | Q(noticed__isnull=False),
                name="consultation_noticed_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "answered"]) | Q(closed__isnull=False, salt__isnull=True),
                name="consultation_closed_without_salt",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered__isnull=False), name="consultation_answered_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (~Q(reason={}) & Q(salt__isnull=True)),
                name="consultation_withdrawn_with_reason",
            ),
            # Nothing that tells of votes exists before the close.
            models.CheckConstraint(
                condition=Q(results__isnull=True, voters__isnull=True, channels__isnull=True)
                | Q(state__in=["closed", "answered"]),
                name="consultation_results_after_close",
            ),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Intake(models.Model):
    """A text read from a file or pasted anew, while an officer looks it through; replaced by the next, gone once saved.

    ``parts`` are [{"label": …, "text": {language: …}, "row": …}], ``notes`` how many tables, pictures, notes and text
    boxes the file had. ``version`` is the text it was compared with.
    """

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="intake")
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    parts = models.JSONField()
    notes = models.JSONField(default=dict)
    made = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.name}"


class ConsultedProposal(models.Model):
    """One proposal the consultation is about, by its public code, in order."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="proposals")
    proposal_code = models.CharField(max_length=32, db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "proposal_code"], name="consulted_proposal_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_code} in {self.consultation_id}"


class TextVersion(models.Model):
    """One version of the text. ``sha256`` is of its canonical JSON; it stands in the ledger from the notice on."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    made = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="textversion_number_once")]

    def __str__(self) -> str:
        return f"{self.consultation_id} v{self.number}"


class Clause(models.Model):
    """One numbered part of one version of the text.

    ``number`` is its place, ``label`` the number it bears in the paper ("" for none), ``key`` its id: it stays with the
    clause from version to version, and no other clause of the consultation ever gets it.
    """

    version = models.ForeignKey(TextVersion, on_delete=models.CASCADE, related_name="clauses")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=12, default="")
    label = models.CharField(max_length=60, blank=True)
    text = models.JSONField()

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="clause_number_once"),
            models.UniqueConstraint(fields=["version", "key"], name="clause_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {pick(self.text)[:40]}"
