"""The rating itself, the units it judges, its history, and objections to its roll."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.judge.ratings.choices import ObjectionKind, ObjectionState, Origin, Rechecker, State, VoidReason
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


class Rating(models.Model):
    """One vote of members on their union.

    ``unit`` is the union judged; for small unions counted together it is the unit above them and `RatedUnit` names
    them. ``form``: the questions as asked, with version. Thresholds and spans are those in force at the call; days
    are fixed when their clock starts. ``roll_salt`` keeps the roll's hash from being guessed; it goes with the roll.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    origin = models.CharField(max_length=12, choices=Origin.choices)
    joint = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CALLED)
    form = models.JSONField()
    called = models.DateTimeField()
    called_by = models.BigIntegerField(null=True)
    rerun_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="rerun")
    needed_keys = models.PositiveSmallIntegerField()
    min_turnout = models.FloatField()
    min_frontline = models.FloatField()
    poor_below = models.FloatField()
    roll_size = models.PositiveIntegerField(null=True)
    roll_frontline = models.PositiveIntegerField(null=True)
    roll_salt = models.CharField(max_length=64, blank=True)
    roll_sha256 = models.CharField(max_length=64, blank=True)
    objections_until = models.DateTimeField(null=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    opened = models.DateTimeField(null=True)
    public_key = models.CharField(max_length=64, blank=True)
    closed = models.DateTimeField(null=True)
    papers_root = models.CharField(max_length=64, blank=True)
    receipts_root = models.CharField(max_length=64, blank=True)
    papers_missing = models.PositiveIntegerField(default=0)
    missing_reason = models.JSONField(default=dict, blank=True)
    papers_done = models.BooleanField(default=False)
    bursts = models.JSONField(default=list, blank=True)
    #: Members who voted, valid ballots, and front-line members among those who voted: written at close and count.
    voted = models.PositiveIntegerField(null=True)
    turnout = models.PositiveIntegerField(null=True)
    voted_frontline = models.PositiveIntegerField(null=True)
    #: Sealed ballots that held no grades by the form when the box was opened: a device may send anything.
    unreadable = models.PositiveIntegerField(null=True)
    published = models.DateTimeField(null=True)
    bundle_sha256 = models.CharField(max_length=64, blank=True)
    poor = models.BooleanField(default=False)
    finding_code = models.CharField(max_length=32, blank=True)
    void_kind = models.CharField(max_length=12, choices=VoidReason.choices, blank=True)
    void_text = models.JSONField(default=dict, blank=True)
    voided = models.DateTimeField(null=True)
    rerun_due = models.DateField(null=True)
    challenge_ends = models.DateTimeField(null=True)
    papers_erased = models.DateTimeField(null=True)
    response = models.JSONField(default=dict, blank=True)
    responded = models.DateTimeField(null=True)
    response_due = models.DateField(null=True)
    plan_due = models.DateField(null=True)
    planned = models.DateTimeField(null=True)
    planned_by = models.BigIntegerField(null=True)
    plan_from_above = models.BooleanField(default=False)
    recheck_due = models.DateField(null=True)
    rechecked = models.DateTimeField(null=True)
    rechecker = models.CharField(max_length=8, choices=Rechecker.choices, blank=True)
    later_code = models.CharField(max_length=32, blank=True)
    ended = models.DateTimeField(null=True)
    #: Clocks that ran out, each told once: "response", "plan", "recheck", "rerun".
    lapsed = models.JSONField(default=list, blank=True)
    #: The upper union's own sheet, shown beside and never mixed in: key to share, with its day.
    beside = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-called", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="rating_state_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="rating_origin_known"),
            models.CheckConstraint(condition=Q(void_kind__in=["", *VoidReason.values]), name="rating_void_known"),
            models.CheckConstraint(condition=Q(rechecker__in=["", *Rechecker.values]), name="rating_recheck_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="rating_closes_after_opening"),
            models.CheckConstraint(condition=Q(state=State.VOID) ^ Q(void_kind=""), name="rating_void_has_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "roll_frozen", "roll_contested", "open"])
                | Q(voted__isnull=True, turnout__isnull=True, voted_frontline__isnull=True),
                name="rating_no_running_totals",
            ),
            models.CheckConstraint(
                condition=Q(turnout__isnull=True) | Q(turnout__lte=F("roll_size")), name="rating_turnout_within_roll"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "remedy_plan", "rechecked", "done"])
                | Q(published__isnull=False, turnout__isnull=False) & ~Q(bundle_sha256=""),
                name="rating_result_has_hash",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["called", "void"]) | ~Q(roll_sha256=""), name="rating_roll_has_hash"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class RatedUnit(models.Model):
    """A union judged by a rating: one, or several small ones counted together."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="rated")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "unit"], name="ratedunit_once")]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.unit_id}"


class Step(models.Model):
    """One step in a rating's life (S3); never changed.."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=16, choices=State.choices)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    ground = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="ratingstep_state_known")]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.state}"


class RollObjection(models.Model):
    """An objection to the roll by a member of a judged union; decided by somebody who did not call the rating."""

    code = models.CharField(max_length=32, unique=True)
    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="objections")
    kind = models.CharField(max_length=8, choices=ObjectionKind.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.TextField()
    filed = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.FILED)
    decided = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at_path = models.CharField(max_length=255, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ObjectionKind.values), name="rollobjection_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="rollobjection_state_known"),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.FILED) | (Q(decided__isnull=False) & ~Q(reason="")),
                name="rollobjection_decided_with_reason",
            ),
            models.UniqueConstraint(
                fields=["rating", "by", "about", "kind"], nulls_distinct=False, name="rollobjection_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code
