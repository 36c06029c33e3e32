"""Statements members write themselves, and what moderation did with them and with opinions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.decide.consultations.choices import Act, ModerationGround, SubmissionState
from qiao.decide.consultations.models.opinions import Opinion
from qiao.decide.consultations.models.statements import Statement
from qiao.decide.consultations.models.texts import Consultation
from qiao.org.people.models import Person

#: Acts that take something from somebody: each has a reason code, and may be appealed against.
REFUSING = (Act.REFUSED, Act.REMOVED, Act.WITHHELD)


class Submission(models.Model):
    """A statement a member would put to the others. What looks like personal data is hidden before it is stored.

    The author is shown to nobody, moderators included.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="submissions")
    #: None once its author was erased.
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="submissions")
    text = models.CharField(max_length=200)
    language = models.CharField(max_length=12)
    likeness = models.CharField(max_length=64)
    hidden = models.JSONField(default=list)
    receipt = models.CharField(max_length=16, blank=True, db_index=True)
    filed = models.DateField()
    #: Until when moderation owes its word.
    due = models.DateTimeField()
    state = models.CharField(max_length=12, choices=SubmissionState.choices, default=SubmissionState.WAITING)
    statement = models.OneToOneField(Statement, null=True, on_delete=models.PROTECT, related_name="submission")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person", "likeness"], name="submission_once"),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state_known"),
            models.CheckConstraint(
                condition=Q(state="accepted", statement__isnull=False)
                | (~Q(state="accepted") & Q(statement__isnull=True)),
                name="submission_accepted_with_statement",
            ),
        ]
        indexes = [models.Index(fields=["consultation", "state"], name="submission_waiting")]

    def __str__(self) -> str:
        return self.text[:40]


class ModerationAct(models.Model):
    """One line of the moderation log. Lines are only added; an appeal that is upheld adds another."""

    code = models.CharField(max_length=32, unique=True)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="moderation")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="acts")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="acts")
    opinion = models.ForeignKey(Opinion, null=True, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=12, choices=Act.choices)
    ground = models.CharField(max_length=12, choices=ModerationGround.choices, blank=True)
    note = models.JSONField(default=dict)
    made = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Act.values), name="moderation_act_known"),
            models.CheckConstraint(
                condition=(Q(act__in=REFUSING) & Q(ground__in=ModerationGround.values))
                | (~Q(act__in=REFUSING) & Q(ground="")),
                name="moderation_with_reason_code",
            ),
        ]
        indexes = [models.Index(fields=["consultation", "made"], name="moderation_log")]

    def __str__(self) -> str:
        return f"{self.code} {self.act}"
