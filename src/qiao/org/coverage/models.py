"""Computed coverage, the scope it refers to, outreach to employers, and targets with where they come from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.coverage.choices import (
    Axis,
    CampaignState,
    Channel,
    DayKind,
    DeclineReason,
    LeadState,
    Measure,
    TargetState,
)
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import Sector
from qiao.org.workplaces.models import Employer


class CoverageScope(models.Model):
    """Which employers rates refer to, as a unit states it for itself and all below: without it no rate is printed.

    ``least_workers`` 0 takes in every employer in business; otherwise those with at least so many workers.
    ``until`` is the first day it no longer holds.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="coverage_scopes")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    least_workers = models.PositiveIntegerField(default=0)
    text = models.JSONField()
    source = models.CharField(max_length=200)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    stated = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="coveragescope_ends_after_start"
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(until__isnull=True), name="coveragescope_one_at_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.since}"


class CoverageDay(models.Model):
    """A day for which coverage has been computed."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=8, choices=DayKind.choices)
    made = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="coverageday_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class CoverageCount(models.Model):
    """The counts of one unit with all below it on one day, whole (axis ALL) or for one key of another axis.

    Employers are those in scope: how many, how many with a union, how many without any headcount; employees are theirs,
    ``employees_in`` those of employers with a union. ``members_in`` are the members of unions at employers in scope,
    ``members_scope`` those the scope takes in, ``members_work`` those who are employed. ``unions`` are the active base
    unions; the four tests and all together count unions. ``hidden``: a small cell, or one hidden with it.
    """

    day = models.DateField()
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="coverage_counts", db_index=False)
    axis = models.CharField(max_length=10, choices=Axis.choices)
    key = models.CharField(max_length=12, blank=True)
    employers = models.PositiveIntegerField()
    formed = models.PositiveIntegerField()
    uncounted = models.PositiveIntegerField()
    employees = models.PositiveBigIntegerField()
    employees_in = models.PositiveBigIntegerField()
    members = models.PositiveBigIntegerField()
    members_in = models.PositiveBigIntegerField()
    members_scope = models.PositiveBigIntegerField()
    members_work = models.PositiveBigIntegerField()
    unions = models.PositiveIntegerField()
    in_term = models.PositiveIntegerField()
    reachable = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    told = models.PositiveIntegerField()
    effective = models.PositiveIntegerField()
    members_effective = models.PositiveBigIntegerField()
    joined = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(axis__in=Axis.values), name="coveragecount_axis_known"),
            models.UniqueConstraint(fields=["unit", "day", "axis", "key"], name="coveragecount_once"),
        ]
        indexes = [
            models.Index(fields=["day", "axis"], name="coveragecount_day"),
            # What is listed to officers instead of a rate: more members than the employers have workers.
            models.Index(
                fields=["unit", "day"],
                condition=Q(axis=Axis.ALL)
                & (Q(members_in__gt=F("employees_in")) | Q(members_scope__gt=F("employees"))),
                name="coveragecount_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.axis} {self.key}"


class UnionTest(models.Model):
    """The four tests of one base union, as of the last night: whether it counts as effective, and what it lacks."""

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.CASCADE, related_name="coverage_tests")
    day = models.DateField()
    in_term = models.BooleanField()
    reachable = models.BooleanField()
    active = models.BooleanField()
    told = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class Campaign(models.Model):
    """Outreach to employers of a place, with a goal and dates. ``sector`` "" takes all."""

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="campaigns")
    title = models.JSONField()
    goal = models.JSONField()
    sector = models.CharField(max_length=4, blank=True, choices=Sector.choices)
    starts = models.DateField()
    ends = models.DateField()
    state = models.CharField(max_length=8, choices=CampaignState.choices, default=CampaignState.RUNNING)
    organiser = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="campaigns")
    opened = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="outreach_state_known"),
            models.CheckConstraint(condition=Q(sector__in=["", *Sector.values]), name="outreach_sector_known"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="outreach_ends_after_start"),
        ]
        indexes = [models.Index(fields=["unit", "-starts"])]

    def __str__(self) -> str:
        return self.code


class Lead(models.Model):
    """One employer in a campaign, how far it has come, and the next step with its day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="leads")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="leads")
    state = models.CharField(max_length=10, choices=LeadState.choices, default=LeadState.LISTED)
    reason = models.CharField(max_length=12, blank=True, choices=DeclineReason.choices)
    next_step = models.CharField(max_length=200, blank=True)
    next_due = models.DateField(null=True, blank=True)
    since = models.DateTimeField()
    formed_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LeadState.values), name="lead_state_known"),
            models.CheckConstraint(
                condition=(Q(state=LeadState.DECLINED) & Q(reason__in=DeclineReason.values))
                | (~Q(state=LeadState.DECLINED) & Q(reason="")),
                name="lead_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=LeadState.FORMED, formed_unit__isnull=False)
                | (~Q(state=LeadState.FORMED) & Q(formed_unit__isnull=True)),
                name="lead_formed_is_a_union",
            ),
            models.UniqueConstraint(fields=["campaign", "employer"], name="lead_once"),
        ]
        indexes = [models.Index(fields=["next_due"], condition=Q(next_due__isnull=False), name="lead_due")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.employer_id}"


class LeadLine(models.Model):
    """One line of the log of a lead: about the employer, without the name of a worker. Never changed."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="lines")
    day = models.DateField()
    channel = models.CharField(max_length=8, blank=True, choices=Channel.choices)
    text = models.CharField(max_length=500)
    from_state = models.CharField(max_length=10, choices=LeadState.choices)
    to_state = models.CharField(max_length=10, choices=LeadState.choices)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    entered = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["", *Channel.values]), name="leadline_channel_known"),
            models.CheckConstraint(
                condition=Q(from_state__in=LeadState.values, to_state__in=LeadState.values),
                name="leadline_states_known",
            ),
        ]
        indexes = [models.Index(fields=["lead", "-day", "-id"])]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.day}"


class Target(models.Model):
    """One measure a unit is to reach, and the document it comes from. ``above`` is the target it was passed down from.

    ``source_value`` and ``source_due`` are what the document says; they are shown beside every version.
    """

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="targets")
    measure = models.CharField(max_length=16, choices=Measure.choices)
    above = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="below")
    document = models.CharField(max_length=200)
    level = models.CharField(max_length=120)
    source_value = models.DecimalField(max_digits=5, decimal_places=2)
    source_due = models.DateField()
    opened = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="target_measure_known"),
            models.CheckConstraint(
                condition=Q(source_value__gt=0, source_value__lte=100), name="target_source_is_a_share"
            ),
            models.UniqueConstraint(
                fields=["unit", "above"], condition=Q(above__isnull=False), name="target_passed_down_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "measure"])]

    def __str__(self) -> str:
        return self.code


class TargetVersion(models.Model):
    """One value a target was given, why, and what the unit it is for said to it. Never changed but in its state."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=5, decimal_places=2)
    due = models.DateField()
    reason = models.CharField(max_length=400)
    #: More, or sooner, than the source says: not to be applied without consent.
    stricter = models.BooleanField()
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.ASKED)
    set_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    answered = models.CharField(max_length=10, blank=True, choices=TargetState.choices)
    answer = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TargetState.values), name="targetversion_state_known"),
            models.CheckConstraint(condition=Q(value__gt=0, value__lte=100), name="targetversion_is_a_share"),
            models.CheckConstraint(
                condition=Q(answered__in=["", TargetState.CONSENTED, TargetState.DECLINED]),
                name="targetversion_answer_known",
            ),
            models.CheckConstraint(
                condition=Q(stricter=False)
                | ~Q(state__in=[TargetState.APPLIED, TargetState.REPLACED])
                | Q(answered=TargetState.CONSENTED),
                name="targetversion_stricter_only_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("set_by")),
                name="targetversion_another_answers",
            ),
            models.UniqueConstraint(fields=["target", "number"], name="targetversion_once"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(state=TargetState.APPLIED), name="targetversion_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}.{self.number}"
