"""Tables of votes: the ballot, what stands on it, who is on the roll, and the papers nobody can trace."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.ballots.choices import (
    BUDGET_RULES,
    RANKED_RULES,
    BallotState,
    Channel,
    CountStage,
    Leftover,
    Rule,
    TieRule,
)
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


class Ballot(models.Model):
    """One vote of the members of a unit and all below it.

    ``budget`` belongs to the rules that share out money; the others choose ``winners``. ``most`` is how many one may
    choose or rank. ``working`` keeps the steps of the count by which its page explains itself.
    ``turnout`` and what follows it are written when the vote closes: while it is open nothing is counted, not even
    for officers.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ballots")
    title = models.JSONField()
    consultation_code = models.CharField(max_length=32, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    winners = models.PositiveSmallIntegerField(null=True)
    most = models.PositiveSmallIntegerField(null=True)
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
    working = models.JSONField(default=dict, blank=True)
    #: Papers that choose nothing: counted in the turnout, not in the result.
    blank = models.PositiveIntegerField(default=0)
    #: Papers and booth codes handed out that never came into a box.
    missing = models.PositiveIntegerField(default=0)
    #: What stood out in the times at which votes came in, written at the close; the times are then erased.
    bursts = models.JSONField(default=list, blank=True)
    count_stage = models.PositiveSmallIntegerField(choices=CountStage.choices, default=CountStage.NONE)
    count_asked = models.DateTimeField(null=True)
    count_done = models.PositiveIntegerField(default=0)
    count_fault = models.JSONField(default=dict, blank=True)
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
            models.CheckConstraint(
                condition=Q(rule__in=sorted(BUDGET_RULES), budget__gt=0, winners__isnull=True)
                | Q(rule__in=sorted(set(Rule) - BUDGET_RULES), budget__isnull=True, winners__gte=1),
                name="ballot_budget_or_winners",
            ),
            models.CheckConstraint(condition=Q(most__isnull=True) | Q(most__gte=1), name="ballot_most_positive"),
            models.CheckConstraint(condition=Q(count_stage__in=CountStage.values), name="ballot_stage_known"),
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

    @property
    def shares_money(self) -> bool:
        """Whether the vote is over a budget."""
        return self.rule in BUDGET_RULES

    @property
    def ranked(self) -> bool:
        """Whether papers are in order of preference."""
        return self.rule in RANKED_RULES


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
    """One vote in the box. Its key is random, it has no time, no person and no channel.

    ``marks`` are codes of proposals: those chosen in the order of the ballot, or by rank where ``ranks`` stand beside
    them (1 is best, equals have equal ranks). A paper that chooses nothing is blank.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="papers")
    marks = ArrayField(models.CharField(max_length=32))
    ranks = ArrayField(models.PositiveSmallIntegerField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ranks=[]) | Q(ranks__len=F("marks__len")), name="paper_ranks_all")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Cast(models.Model):
    """That a vote came in, in which minute and by which way; never whose. Erased at the close, which looks for bursts.

    It stands beside neither paper nor roll, and has no figure anybody is shown before the close.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="casts")
    minute = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    desk = models.ForeignKey("ballots.Desk", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(channel__in=Channel.values), name="cast_channel_known")]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.channel}"


class Desk(models.Model):
    """A place where members vote on paper or in a booth: there the roll is marked, and paper or code is handed out.

    ``missing`` are papers handed out and not found in its box when it was opened.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="desks")
    name = models.JSONField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    opened = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    finished = models.DateTimeField(null=True)
    missing = models.PositiveIntegerField(default=0)
    reason = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=[Channel.PAPER, Channel.BOOTH]), name="desk_channel_known"),
            models.CheckConstraint(condition=Q(missing=0) | ~Q(reason={}), name="desk_missing_with_reason"),
        ]

    def __str__(self) -> str:
        return pick(self.name)


class Sheet(models.Model):
    """One paper out of the box of a desk, as it is typed: twice by two people, by a third where they differ.

    Numbers are given in the order in which papers are taken out of the box; nothing leads from them to a person.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField()
    first = models.JSONField()
    first_by = models.BigIntegerField()
    second = models.JSONField(null=True)
    second_by = models.BigIntegerField(null=True)
    third = models.JSONField(null=True)
    third_by = models.BigIntegerField(null=True)
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "number"], name="sheet_once"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("first_by")), name="sheet_two_people"
            ),
            models.CheckConstraint(
                condition=Q(third_by__isnull=True) | (~Q(third_by=F("first_by")) & ~Q(third_by=F("second_by"))),
                name="sheet_third_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk_id}/{self.number}"


class BoothCode(models.Model):
    """A code handed out at a desk: it opens the ballot paper on the booth's device once. Only its hash is kept."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.desk_id}"


class ResultFile(models.Model):
    """All papers in Pabulib's or PrefLib's form, shuffled: whoever wants to counts again. Absent where few voted."""

    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, related_name="result_file")
    ending = models.CharField(max_length=3, default="pb")
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.ballot_id}.{self.ending}"
