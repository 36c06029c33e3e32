"""Consultations: a text in numbered clauses, statements to vote on, opinions, answers.

A vote on a statement carries no person: see `Vote`. An opinion carries its author, because every opinion is answered;
the author is shown to nobody.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import ConsultationState, OpinionState, Outcome, Side
from qiao.org.people.models import Person
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
    answer_due = models.DateTimeField(null=True)
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
                condition=Q(results__isnull=True, voters__isnull=True) | Q(state__in=["closed", "answered"]),
                name="consultation_results_after_close",
            ),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


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
    """One numbered part of one version of the text."""

    version = models.ForeignKey(TextVersion, on_delete=models.CASCADE, related_name="clauses")
    number = models.PositiveIntegerField()
    text = models.JSONField()

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="clause_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {pick(self.text)[:40]}"


class Statement(models.Model):
    """One sentence members agree with, disagree with or pass on. Fixed once noticed."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.JSONField()

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


class OpinionGroup(models.Model):
    """Opinions the secretary put together because they say the same; each keeps its author and its own receipt."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="groups")
    title = models.JSONField()
    made = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return pick(self.title)


class Answer(models.Model):
    """What a deciding body says to one or more opinions."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="answers")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.JSONField()
    given = models.DateTimeField()
    given_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="answer_outcome_known"),
            models.CheckConstraint(condition=~Q(reason={}), name="answer_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.outcome}"


class Opinion(models.Model):
    """One point made by one member, on a clause or on the whole.

    ``text`` is kept as published: what looked like personal data is hidden in it before it is stored (``hidden`` says
    what). ``likeness`` is a hash of the text without blanks and marks: identical texts meet in it.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="opinions")
    clause = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="opinions")
    #: None once its author was erased.
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="opinions")
    text = models.TextField()
    language = models.CharField(max_length=12)
    likeness = models.CharField(max_length=64)
    hidden = models.JSONField(default=list)
    published = models.BooleanField(default=True)
    withheld = models.JSONField(default=dict)
    receipt = models.CharField(max_length=16, blank=True)
    filed = models.DateField()
    state = models.CharField(max_length=12, choices=OpinionState.choices, default=OpinionState.RECEIVED)
    group = models.ForeignKey(OpinionGroup, null=True, on_delete=models.SET_NULL, related_name="opinions")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.PROTECT, related_name="opinions")
    addendum = models.JSONField(default=dict)
    told = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "clause", "person", "likeness"],
                nulls_distinct=False,
                name="opinion_said_once",
            ),
            models.CheckConstraint(condition=Q(state__in=OpinionState.values), name="opinion_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "grouped"], answer__isnull=True)
                | Q(state__in=["answered", "told"], answer__isnull=False),
                name="opinion_answered_with_answer",
            ),
            models.CheckConstraint(condition=~Q(state="grouped") | Q(group__isnull=False), name="opinion_grouped"),
        ]
        indexes = [models.Index(fields=["consultation", "state"]), models.Index(fields=["receipt"])]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.text[:40]}"
