"""Proposals of delegates, from the first draft to the rating by who made them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.decide.congress.choices import ProposalState, Rating, ReviewWord
from qiao.decide.congress.models.sessions import Session
from qiao.decide.congress.models.terms import Congress, Delegate


class DelegateProposal(models.Model):
    """One matter that delegates want settled. ``shielded``: who made it is shown to nobody but the committee.

    Clocks keep the rule they began with: ``review_due``, ``due`` (of the reply) and ``rate_by``.
    ``first_reply`` stays where the proposer was not satisfied and it was handled once more.
    """

    code = models.CharField(max_length=32, unique=True)
    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=16, choices=ProposalState.choices, default=ProposalState.DRAFT)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    language = models.CharField(max_length=12)
    shielded = models.BooleanField(default=False)
    drafted = models.DateTimeField()
    needed = models.PositiveSmallIntegerField()
    receipt = models.CharField(max_length=16, blank=True)
    submitted = models.DateTimeField(null=True)
    review_due = models.DateTimeField(null=True)
    reviewed = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=ReviewWord.choices, blank=True)
    reason = models.TextField(blank=True)
    handler = models.CharField(max_length=120, blank=True)
    assigned = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    due_rule = models.CharField(max_length=80, blank=True)
    reply = models.TextField(blank=True)
    signed_by = models.CharField(max_length=80, blank=True)
    replied = models.DateTimeField(null=True)
    first_reply = models.TextField(blank=True)
    first_replied = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    rate_by = models.DateTimeField(null=True)
    rating = models.CharField(max_length=12, choices=Rating.choices, blank=True)
    first_rating = models.CharField(max_length=12, choices=Rating.choices, blank=True)
    rating_note = models.TextField(blank=True)
    handled_twice = models.BooleanField(default=False)
    closed = models.DateTimeField(null=True)
    reported_in = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="reported_proposals")

    class Meta:
        ordering = ["-drafted", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="dproposal_state_known"),
            models.CheckConstraint(condition=Q(rating__in=["", *Rating.values]), name="dproposal_rating_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "as_suggestion"]) | ~Q(reason=""), name="dproposal_no_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "in_hand", "replied", "re_handled"])
                | Q(due__isnull=False) & ~Q(handler=""),
                name="dproposal_assigned_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replied"]) | ~Q(reply="") & ~Q(signed_by=""), name="dproposal_reply_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(handled_twice=True) | Q(first_reply="") & Q(first_rating=""),
                name="dproposal_first_only_twice",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"])]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Proposer(models.Model):
    """Who makes a proposal; the first wrote it, others joined by their own act."""

    proposal = models.ForeignKey(DelegateProposal, on_delete=models.CASCADE, related_name="proposers")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="+")
    first = models.BooleanField(default=False)

    class Meta:
        ordering = ["-first", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "delegate"], name="proposer_once"),
            models.UniqueConstraint(fields=["proposal"], condition=Q(first=True), name="proposer_one_first"),
        ]

    def __str__(self) -> str:
        return str(self.proposal_id)


class Second(models.Model):
    """That a delegate seconds a proposal."""

    proposal = models.ForeignKey(DelegateProposal, on_delete=models.CASCADE, related_name="seconds")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "delegate"], name="second_once")]

    def __str__(self) -> str:
        return str(self.proposal_id)
