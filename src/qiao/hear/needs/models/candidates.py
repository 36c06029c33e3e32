"""How a task comes about: candidates, the sheet they are scored by, the panels, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.hear.needs.choices import CandidateState, Origin, Say, SheetState
from qiao.hear.needs.models.needs import Need
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Sheet(models.Model):
    """The scoring sheet of one round of candidates: criteria with weights that sum to 100, published before any score.

    ``version`` grows with every change; a change makes every score given before void.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    weights = models.JSONField()
    state = models.CharField(max_length=10, choices=SheetState.choices, default=SheetState.DRAFTED)
    version = models.PositiveSmallIntegerField(default=1)
    drafted = models.DateTimeField()
    drafted_by = models.BigIntegerField(null=True)
    published = models.DateTimeField(null=True)
    panel_seed = models.CharField(max_length=64, blank=True)
    panel_drawn = models.DateTimeField(null=True)
    #: Fewer users' words than these open no way to a decision.
    panel_least = models.PositiveSmallIntegerField(default=5)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SheetState.values), name="sheet_state_known"),
            models.CheckConstraint(
                condition=Q(state=SheetState.DRAFTED) | Q(published__isnull=False), name="sheet_published_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class ScorerSeat(models.Model):
    """An officer who scores by a sheet."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="scorers")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "account"], name="scorer_seat_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.account_id}"


class UserSeat(models.Model):
    """A member drawn for the user panel of a sheet."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="users")
    person_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "person_id"], name="user_seat_once")]
        indexes = [models.Index(fields=["person_id"])]

    def __str__(self) -> str:
        return f"{self.sheet_id}"


class Candidate(models.Model):
    """What a unit might take up as a task, and which needs it would serve.

    ``proposer``: the account that raised it, who neither scores nor decides. ``score``: 0 to 100, the mean of the panel
    once all have scored; ``low`` and ``high`` the lowest and highest single one.
    """

    code = models.CharField(max_length=32, unique=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="candidates")
    title = models.JSONField()
    text = models.JSONField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    ground = models.CharField(max_length=200, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=10, choices=CandidateState.choices, default=CandidateState.RAISED)
    raised = models.DateTimeField()
    proposer = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    score = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    scored = models.DateTimeField(null=True)
    consulted = models.DateTimeField(null=True)
    voices = models.JSONField(default=dict)
    decided = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    reason = models.JSONField(default=dict)
    proposal_code = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CandidateState.values), name="candidate_state_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="candidate_origin_known"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="candidate_cost_not_negative"),
            models.CheckConstraint(
                condition=~Q(state=CandidateState.REJECTED) | ~Q(reason={}), name="candidate_rejected_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scored", "consulted"]) | Q(score__isnull=False),
                name="candidate_scored_has_score",
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.MEMBERS) | ~Q(ground=""), name="candidate_from_above_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class CandidateNeed(models.Model):
    """One need a candidate would serve."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="served")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["candidate", "need"], name="candidate_need_once")]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.need_id}"


class Score(models.Model):
    """One scorer's marks (criterion to 0…5) for one candidate by one version of the sheet; ``void`` once it changed."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="scores")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    marks = models.JSONField()
    total = models.FloatField()
    at = models.DateTimeField()
    void = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "account"], condition=Q(void__isnull=True), name="score_once_a_scorer"
            ),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="score_within_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.total}"


class Voice(models.Model):
    """What one of the user panel says to a candidate. Shown in counts only, the words without a name."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="said")
    seat = models.ForeignKey(UserSeat, on_delete=models.CASCADE, related_name="said")
    say = models.CharField(max_length=8, choices=Say.choices)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "seat"], name="voice_once"),
            models.CheckConstraint(condition=Q(say__in=Say.values), name="voice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}"
