"""The answering desk: suggested groups, who prepares which answer by when, templates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import Outcome, SuggestionState
from qiao.decide.consultations.models.opinions import OpinionGroup
from qiao.decide.consultations.models.texts import Consultation
from qiao.org.units.models import Unit


class SuggestionRun(models.Model):
    """That suggestions were asked for, and when they were ready."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="suggestion_run")
    asked = models.DateTimeField()
    ready = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"suggestions of {self.consultation_id}"


class Suggestion(models.Model):
    """Opinions that seem to say the same. Nothing follows from it before an officer puts them together."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="suggestions")
    #: Ids of the opinions, from the middle outwards.
    opinion_ids = models.JSONField()
    words = models.JSONField(default=list)
    #: Cosine of the one least like the middle.
    loosest = models.FloatField()
    state = models.CharField(max_length=8, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    settled = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SuggestionState.values), name="suggestion_state_known")
        ]
        indexes = [models.Index(fields=["consultation", "state"], name="suggestion_open")]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {len(self.opinion_ids)}"


class Assignment(models.Model):
    """Who prepares the answer to one group, by when; the draft waits for the deciders' word."""

    group = models.OneToOneField(OpinionGroup, on_delete=models.CASCADE, related_name="assignment")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="opinions_given_to_it")
    account_id = models.BigIntegerField(db_index=True)
    due = models.DateField()
    given = models.DateTimeField()
    given_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    reason = models.JSONField(default=dict)
    drafted = models.DateTimeField(null=True)
    drafted_by = models.BigIntegerField(null=True)
    #: Grows with each draft, so that two who write at once do not overwrite each other unseen.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(drafted__isnull=True, outcome="")
                | (Q(drafted__isnull=False, outcome__in=Outcome.values) & ~Q(reason={})),
                name="assignment_draft_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"group {self.group_id}, due {self.due}"


class AnswerTemplate(models.Model):
    """Words an answer may begin with, tied to one outcome. Blanks in ［ ］ are filled before it is given."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="answer_templates")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    title = models.JSONField()
    text = models.JSONField()
    made = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    retired = models.DateTimeField(null=True)

    class Meta:
        ordering = ["outcome", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="template_outcome_known"),
            models.CheckConstraint(condition=~Q(text={}), name="template_with_text"),
        ]

    def __str__(self) -> str:
        return pick(self.title)
