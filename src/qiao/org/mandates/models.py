"""Committees of units, their terms, who holds which post, and whether the office's channel is answered."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from qiao.base.i18n import pick
from qiao.org.mandates.choices import SINGLE, CommitteeKind, EmployerPost, EndReason, Engagement, Post, TestOutcome


def _one(field: str) -> Func:
    """A key as a range of one, so that an exclusion over ranges needs no extension of the database."""
    return Func(F(field), F(field), Value("[]"), function="int8range", output_field=models.TextField())


def _days(first: str, last: str) -> Func:
    return Func(F(first), F(last), function="daterange", output_field=models.TextField())


class Committee(models.Model):
    """A committee of a unit; it outlives its terms."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="committees")
    kind = models.CharField(max_length=12, choices=CommitteeKind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "kind", "since"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CommitteeKind.values), name="committee_kind_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="committee_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=Q(until__isnull=True), name="committee_one_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return str(CommitteeKind(self.kind).label)


class Term(models.Model):
    """One term of a committee: ``until`` is the first day after it as planned, ``ended`` as it came.

    A term that nobody has followed goes on beyond ``until``: the committee acts, the election is overdue. The next
    election is due from ``due_from`` on. ``rule`` and ``due_rule`` say which settings gave these two days, as
    `Ruling.origin` writes it: a setting changed later moves neither. No two terms of a committee overlap.
    """

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField()
    ended = models.DateField(null=True, blank=True)
    seats = models.PositiveSmallIntegerField(default=0)
    due_from = models.DateField()
    rule = models.CharField(max_length=80)
    due_rule = models.CharField(max_length=80)
    election_code = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["committee_id", "since"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="term_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("since")), name="term_ended_after_start"
            ),
            models.UniqueConstraint(fields=["committee", "number"], name="term_number_once"),
            ExclusionConstraint(
                name="term_no_overlap",
                expressions=[
                    (_one("committee"), RangeOperators.OVERLAPS),
                    (_days("since", "ended"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended__isnull=True), name="term_running_until")]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"


class Mandate(models.Model):
    """A person × a post × dates. ``until`` is the first day it no longer holds.

    ``name`` is what the public directory shows; ``person`` and ``account`` are set where they are known. The channel
    is the office's; one's own telephone or address stands here only while ``own_channel_agreed`` holds the moment at
    which its owner agreed. ``post_code`` cites a staff post, ``source_code`` the election or paper it rests on.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="mandates")
    committee = models.ForeignKey(Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates")
    term = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates")
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    account = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    name = models.CharField(max_length=80)
    post = models.CharField(max_length=20, choices=Post.choices)
    engagement = models.CharField(max_length=12, choices=Engagement.choices, default=Engagement.PART)
    employer_post = models.CharField(max_length=12, choices=EmployerPost.choices, default=EmployerPost.NONE)
    group_name = models.CharField(max_length=80, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    office_phone = models.CharField(max_length=40, blank=True)
    office_mail = models.EmailField(blank=True)
    office_place = models.JSONField(default=dict, blank=True)
    office_hours = models.JSONField(default=dict, blank=True)
    own_channel_agreed = models.DateTimeField(null=True, blank=True)
    confirmed = models.DateField(null=True, blank=True)
    source_code = models.CharField(max_length=32, blank=True)
    post_code = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["unit_id", "since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(post__in=Post.values), name="mandate_post_known"),
            models.CheckConstraint(condition=Q(engagement__in=Engagement.values), name="mandate_engagement_known"),
            models.CheckConstraint(
                condition=Q(employer_post__in=EmployerPost.values), name="mandate_employer_post_known"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="mandate_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(end_reason="") | Q(end_reason__in=EndReason.values), name="mandate_end_reason_known"
            ),
            *(
                ExclusionConstraint(
                    name=f"mandate_one_{post.value}_at_a_time",
                    expressions=[
                        (_one("unit"), RangeOperators.OVERLAPS),
                        (_days("since", "until"), RangeOperators.OVERLAPS),
                    ],
                    condition=Q(post=post.value),
                )
                for post in sorted(SINGLE)
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "post", "since"], name="mandate_unit_post"),
            models.Index(fields=["post"], condition=Q(until__isnull=True), name="mandate_running_post"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({Post(self.post).label})"

    @property
    def channel(self) -> str:
        """The office's channel in one line, in the language of the request; empty where none is public."""
        return " · ".join(part for part in (self.office_phone, self.office_mail, pick(self.office_place)) if part)


class TestRound(models.Model):
    """A yearly sample of units whose channel another unit tests. Seed and frame are public: anybody draws it again."""

    __test__ = False

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="test_rounds")
    code = models.CharField(max_length=32, unique=True)
    year = models.PositiveSmallIntegerField()
    drawn = models.DateTimeField()
    seed = models.CharField(max_length=64)
    share = models.FloatField()
    frame_size = models.PositiveIntegerField()
    frame_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-drawn"]
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="testround_once_a_year")]

    def __str__(self) -> str:
        return self.code


class TestContact(models.Model):
    """One call or mail to the public channel of a unit, by an officer of another unit than the one that forms it."""

    __test__ = False

    round = models.ForeignKey(TestRound, on_delete=models.PROTECT, related_name="contacts")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="test_contacts")
    tester_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="tests")
    tester = models.ForeignKey("people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=12, choices=TestOutcome.choices, blank=True)
    tested = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["round_id", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="testcontact_once_a_round"),
            models.CheckConstraint(
                condition=Q(outcome="", tested__isnull=True) | Q(outcome__in=TestOutcome.values, tested__isnull=False),
                name="testcontact_outcome_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-tested"], name="testcontact_last")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.unit_id}"
