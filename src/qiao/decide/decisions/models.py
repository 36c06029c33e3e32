"""The register of decisions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.decisions.choices import Fate
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Decision(models.Model):
    """One decision, published as it is taken and never changed: a later one may follow it.

    ``adopted``, ``partly`` and ``not_adopted`` are the opinions of the consultation by what became of them. The vote
    record counts the members of the deciding body; it is empty where they decided without a division.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="decisions")
    title = models.JSONField()
    text = models.JSONField()
    consultation_code = models.CharField(max_length=32)
    ballot_code = models.CharField(max_length=32, blank=True)
    taken = models.DateTimeField()
    taken_by = models.BigIntegerField(null=True)
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    votes_abstained = models.PositiveSmallIntegerField(null=True)
    adopted = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    not_adopted = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-taken", "-pk"]
        constraints = [
            # One consultation, one decision: a form sent twice, or two deciders at once, end here at the latest.
            models.UniqueConstraint(fields=["consultation_code"], name="decision_once_for_a_consultation"),
            models.UniqueConstraint(
                fields=["ballot_code"], condition=~Q(ballot_code=""), name="decision_once_for_a_ballot"
            ),
            models.CheckConstraint(condition=~Q(consultation_code=""), name="decision_follows_a_consultation"),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True, votes_against__isnull=True, votes_abstained__isnull=True)
                | Q(votes_for__gt=F("votes_against"), votes_abstained__gte=0),
                name="decision_carried",
            ),
        ]
        indexes = [models.Index(fields=["-taken"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class DecidedProposal(models.Model):
    """What the decision says of one proposal. ``title`` and ``cost`` are as they stood when it was taken."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="proposals")
    proposal_code = models.CharField(max_length=32)
    title = models.JSONField()
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    fate = models.CharField(max_length=12, choices=Fate.choices)
    reason = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField()
    #: The task born of it: who answers for it, and by when it is done. All three, or not named yet.
    responsible_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="tasks_given")
    responsible = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="tasks_given")
    due = models.DateField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(responsible_unit__isnull=True, responsible__isnull=True, due__isnull=True)
                | Q(fate="adopted", responsible_unit__isnull=False, responsible__isnull=False, due__isnull=False),
                name="decidedproposal_task_whole",
            ),
            models.UniqueConstraint(fields=["proposal_code"], name="decidedproposal_once"),
            models.CheckConstraint(condition=Q(fate__in=Fate.values), name="decidedproposal_fate_known"),
            models.CheckConstraint(condition=Q(fate="adopted") | ~Q(reason={}), name="decidedproposal_no_needs_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_code} {self.fate}"
