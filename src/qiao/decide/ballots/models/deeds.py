"""Rounds of practical deeds: the call for ideas, the ideas, and what becomes of each (handbook C08)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.ballots.choices import BUDGET_RULES, DeedState, IdeaState, Rule
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


class DeedRound(models.Model):
    """One round of a unit, from the call to what is carried over. Vote rule and budget are fixed before the call."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deed_rounds")
    title = models.JSONField()
    call = models.JSONField()
    need_codes = ArrayField(models.CharField(max_length=32))
    state = models.CharField(max_length=8, choices=DeedState.choices, default=DeedState.PLANNED)
    rule = models.CharField(max_length=24, choices=Rule.choices)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    winners = models.PositiveSmallIntegerField(null=True)
    most = models.PositiveSmallIntegerField(null=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    planned = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    ballot_code = models.CharField(max_length=32, blank=True)
    #: The rules in force when the round was planned; it keeps them.
    listed_most = models.PositiveSmallIntegerField(default=10)
    min_turnout = models.FloatField(default=0.0)
    report_months = models.PositiveSmallIntegerField(default=3)
    #: Votes in which too few took part; and what was published of the progress: {"at": ISO time, "text": Localized}.
    void_ballots = ArrayField(models.CharField(max_length=32), default=list)
    running_since = models.DateTimeField(null=True)
    reports = models.JSONField(default=list)

    class Meta:
        ordering = ["-planned", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeedState.values), name="deedround_state_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="deedround_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(rule__in=sorted(BUDGET_RULES), budget__gt=0)
                | Q(rule__in=sorted(set(Rule) - BUDGET_RULES), winners__gte=1),
                name="deedround_rule_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Idea(models.Model):
    """One member's idea. It keeps its source whatever it is merged into, and says where it went.

    Its author is shown to nobody but the author; ``checked_by`` is the account that looked at feasibility.
    """

    code = models.CharField(max_length=32, unique=True)
    round = models.ForeignKey(DeedRound, on_delete=models.PROTECT, related_name="ideas")
    title = models.JSONField()
    text = models.JSONField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=IdeaState.choices, default=IdeaState.FILED)
    filed = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="sources")
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="carried_to")
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.JSONField(default=dict, blank=True)
    note = models.JSONField(default=dict, blank=True)
    checked_by = models.BigIntegerField(null=True)
    proposal_code = models.CharField(max_length=32, blank=True, db_index=True)

    class Meta:
        ordering = ["filed", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IdeaState.values), name="idea_state_known"),
            models.CheckConstraint(
                condition=~Q(state=IdeaState.MERGED) | Q(merged_into__isnull=False), name="idea_merged_into_something"
            ),
            models.CheckConstraint(
                condition=~Q(state=IdeaState.NOT_FEASIBLE) | ~Q(reason={}), name="idea_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"
