"""Opinions, the groups they are put into, and their answers.

An opinion carries its author, because every opinion is answered; the author is shown to nobody.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import Channel, OpinionState, Outcome
from qiao.decide.consultations.models.texts import Clause, Consultation
from qiao.org.people.models import Person


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
    #: How it came; and for paper and helpers the number of the evidence that is kept.
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.ACCOUNT)
    evidence = models.CharField(max_length=80, blank=True)
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
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="opinion_channel_known"),
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
