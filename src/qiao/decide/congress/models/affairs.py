"""Open affairs: what an employer has to show, questions on it, one-time links for its answers, breaches."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.decide.congress.choices import AffairState, BreachGround, BreachState, Matter
from qiao.decide.congress.models.proposals import DelegateProposal
from qiao.decide.congress.models.terms import Congress


class Affair(models.Model):
    """One thing the employer shows by a day, for how long; its last states follow its questions."""

    code = models.CharField(max_length=32, unique=True)
    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="affairs")
    matter = models.CharField(max_length=12, choices=Matter.choices)
    title = models.JSONField()
    state = models.CharField(max_length=12, choices=AffairState.choices, default=AffairState.DUE)
    registered = models.DateTimeField()
    due = models.DateTimeField()
    shown = models.DateTimeField(null=True)
    shown_until = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    shown_by = models.CharField(max_length=120, blank=True)
    paper_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AffairState.values), name="affair_state_known"),
            models.CheckConstraint(condition=Q(matter__in=Matter.values), name="affair_matter_known"),
            models.CheckConstraint(
                condition=Q(state="due") | Q(shown__isnull=False, shown_until__isnull=False) & ~Q(text=""),
                name="affair_shown_has_a_text",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Question(models.Model):
    """A question on open affairs. Who asked is shown to nobody; the employer never learns it."""

    affair = models.ForeignKey(Affair, on_delete=models.CASCADE, related_name="questions")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2000)
    receipt = models.CharField(max_length=16, unique=True)
    asked = models.DateTimeField()
    due = models.DateTimeField()
    due_rule = models.CharField(max_length=80, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered__isnull=True) | ~Q(answer=""), name="question_answer_is_written"
            )
        ]
        indexes = [models.Index(fields=["answered", "due"])]

    def __str__(self) -> str:
        return self.receipt


class ReplyLink(models.Model):
    """A one-time link by which an employer's office answers one matter: it has no account and sees nothing else.

    Only the hash of its secret is kept. ``proposal``, ``affair`` or ``question``: exactly one.
    """

    secret_hash = models.CharField(max_length=64, unique=True)
    proposal = models.ForeignKey(DelegateProposal, null=True, on_delete=models.CASCADE, related_name="links")
    affair = models.ForeignKey(Affair, null=True, on_delete=models.CASCADE, related_name="links")
    question = models.ForeignKey(Question, null=True, on_delete=models.CASCADE, related_name="links")
    made = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, affair__isnull=True, question__isnull=True)
                | Q(proposal__isnull=True, affair__isnull=False, question__isnull=True)
                | Q(proposal__isnull=True, affair__isnull=True, question__isnull=False),
                name="replylink_one_matter",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Breach(models.Model):
    """A right of the congress that was not kept: the union's letter, the time to mend, then the authorities."""

    code = models.CharField(max_length=32, unique=True)
    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="breaches")
    ground = models.CharField(max_length=12, choices=BreachGround.choices)
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=12, choices=BreachState.choices, default=BreachState.LETTER)
    letter = models.DateTimeField()
    due = models.DateTimeField()
    due_rule = models.CharField(max_length=80, blank=True)
    passed_on = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BreachState.values), name="breach_state_known"),
            models.CheckConstraint(condition=Q(ground__in=BreachGround.values), name="breach_ground_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["mended", "closed"]) | ~Q(outcome=""), name="breach_end_says_how"
            ),
        ]

    def __str__(self) -> str:
        return self.code
