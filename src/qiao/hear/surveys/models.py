"""Questionnaires, rounds, who was invited, and the answers, which know nobody."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Asked, RoundState, StratumBy
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


class Round(models.Model):
    """One planned asking of one subtree with one version of a questionnaire.

    ``strata`` is a list of {"key", "label", "population", "invited"} set by the draw and, from closing on, "answered".
    ``seed`` makes the draw repeatable. ``results`` is what is published: see ``services.publish_results``.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=12, choices=RoundState.choices, default=RoundState.PLANNED)
    asked = models.CharField(max_length=12, choices=Asked.choices)
    sample_size = models.PositiveIntegerField(null=True)
    stratum_by = models.CharField(max_length=12, choices=StratumBy.choices, default=StratumBy.DISTRICT)
    seed = models.CharField(max_length=64, blank=True)
    strata = models.JSONField(default=list)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    planned_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    drawn = models.DateTimeField(null=True)
    codes_made = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)
    population = models.PositiveIntegerField(default=0)
    invited = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    manifest_hash = models.CharField(max_length=64, blank=True)
    results = models.JSONField(default=dict)
    #: The limits this round was planned under: fewer answers are not published, figures of fewer people are hidden.
    publish_floor = models.PositiveIntegerField(default=30)
    small_cell = models.PositiveIntegerField(default=5)
    #: When the single answers were erased; tables and manifest stay.
    erased = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opens", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(condition=Q(asked__in=Asked.values), name="round_asked_known"),
            models.CheckConstraint(condition=Q(stratum_by__in=StratumBy.values), name="round_stratum_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="round_closes_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(asked=Asked.SAMPLE) | Q(sample_size__gt=0), name="round_sample_has_size"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "failed"]) | ~Q(manifest_hash=""), name="round_published_is_frozen"
            ),
            models.CheckConstraint(
                condition=Q(erased__isnull=True) | Q(state__in=["published", "failed"]),
                name="round_erased_after_published",
            ),
            models.CheckConstraint(condition=Q(small_cell__gte=5), name="round_small_cell_never_below_five"),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


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
