"""Proposals and the needs they serve."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.decide.proposals.choices import ProposalState
from qiao.org.units.models import Unit


class Proposal(models.Model):
    """What a unit proposes to do about one or more published needs, and what it would cost."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="proposals")
    title = models.JSONField()
    text = models.JSONField()
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.RAISED)
    reason = models.JSONField(default=dict)
    raised = models.DateTimeField()
    raised_by = models.BigIntegerField(null=True)
    changed = models.DateTimeField()

    class Meta:
        ordering = ["-raised", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="proposal_cost_not_negative"),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.REJECTED) | ~Q(reason={}), name="proposal_rejected_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "-raised"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class ServedNeed(models.Model):
    """One need a proposal serves, by its public code: needs belong to another stage."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="needs")
    need_code = models.CharField(max_length=32, db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "need_code"], name="proposal_need_once")]

    def __str__(self) -> str:
        return f"{self.need_code} → {self.proposal_id}"
