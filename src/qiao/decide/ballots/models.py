"""Tables of budget votes: the ballot, what stands on it, who is on the roll, and the papers nobody can trace."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.ballots.choices import BallotState, Leftover, Rule, TieRule
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


class Ballot(models.Model):
    """One budget vote of the members of a unit and all below it.

    ``turnout`` and what follows it are written when the vote closes: while it is open nothing is counted, not even
    for officers.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ballots")
    title = models.JSONField()
    consultation_code = models.CharField(max_length=32, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2)
    rule = models.CharField(max_length=24, choices=Rule.choices, default=Rule.EQUAL_SHARES)
    tie_rule = models.CharField(max_length=24, choices=TieRule.choices, default=TieRule.LIST_ORDER)
    leftover = models.CharField(max_length=24, choices=Leftover.choices, default=Leftover.KEEP)
    state = models.CharField(max_length=12, choices=BallotState.choices, default=BallotState.PLANNED)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    planned = models.DateTimeField()
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    counted = models.DateTimeField(null=True)
    reason = models.JSONField(default=dict, blank=True)
    roll_size = models.PositiveIntegerField(null=True)
    turnout = models.PositiveIntegerField(null=True)
    spent = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    share = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    papers_root = models.CharField(max_length=64, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    ties = models.JSONField(default=list, blank=True)
    #: Until when the result may be challenged, by the rule in force at the count; then papers and roll are destroyed.
    challenge_ends = models.DateTimeField(null=True)
    papers_erased = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-planned", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BallotState.values), name="ballot_state_known"),
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="ballot_rule_known"),
            models.CheckConstraint(condition=Q(tie_rule__in=TieRule.values), name="ballot_tie_rule_known"),
            models.CheckConstraint(condition=Q(leftover__in=Leftover.values), name="ballot_leftover_known"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="ballot_budget_positive"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="ballot_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "withdrawn"]) | Q(opened__isnull=False, roll_size__isnull=False),
                name="ballot_open_has_roll",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["planned", "open"]) | Q(turnout__isnull=True), name="ballot_no_running_totals"
            ),
            models.CheckConstraint(
                condition=Q(turnout__isnull=True) | Q(turnout__lte=F("roll_size")), name="ballot_turnout_within_roll"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class BallotItem(models.Model):
    """One proposal as it stands on the ballot paper: text and cost are copied, so that they cannot change under it.

    ``votes`` stays empty where too few voted for a count to be published; ``place`` is the order of buying.
    ``payment`` says how the voters' shares paid for it.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="items")
    proposal_code = models.CharField(max_length=32)
    title = models.JSONField()
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    position = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField(null=True)
    place = models.PositiveSmallIntegerField(null=True)
    payment = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "proposal_code"], name="ballotitem_once"),
            models.UniqueConstraint(fields=["ballot", "position"], name="ballotitem_own_line"),
            models.CheckConstraint(condition=Q(cost__gt=0), name="ballotitem_cost_positive"),
        ]
        indexes = [models.Index(fields=["proposal_code"])]

    def __str__(self) -> str:
        return f"{self.position} {self.proposal_code}"


class RollEntry(models.Model):
    """One member on the frozen roll. It says *that* the person voted; what and when stands nowhere beside it."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    voted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "person"], name="rollentry_one_member_one_vote")]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.person_id}"


class Paper(models.Model):
    """One vote in the box. Its key is random, it has no time and no person, its approvals stand in ballot order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="papers")
    approvals = ArrayField(models.CharField(max_length=32))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(approvals__len__gt=0), name="paper_not_empty")]

    def __str__(self) -> str:
        return str(self.id)


class ResultFile(models.Model):
    """All papers in Pabulib form, shuffled: whoever wants to counts again. Absent where too few voted."""

    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, related_name="result_file")
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.ballot_id}.pb"
