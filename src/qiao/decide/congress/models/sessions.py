"""Meetings of the congress: papers, attendance, items of business, and secret votes nobody can trace."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.congress.choices import ItemKind, ItemState, Outcome, SessionState, Way
from qiao.decide.congress.models.terms import Congress, Delegate, MeetingCall


class Session(models.Model):
    """One meeting. ``papers_due``, ``quorum``, ``majority`` and the rule of its report are of the day it was called.

    ``present`` and ``delegates`` are counted when the meeting opens; while it goes on they follow who comes and goes.
    ``hall_code`` is shown in the hall: delegates type it to be counted as present.
    """

    code = models.CharField(max_length=32, unique=True)
    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.CALLED)
    regular = models.BooleanField(default=True)
    call = models.ForeignKey(MeetingCall, null=True, on_delete=models.PROTECT, related_name="sessions")
    title = models.JSONField()
    meets = models.DateTimeField()
    place = models.JSONField()
    called = models.DateTimeField()
    called_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    papers_days = models.PositiveSmallIntegerField()
    papers_due = models.DateTimeField()
    papers_sent = models.DateTimeField(null=True)
    quorum = models.FloatField()
    majority = models.FloatField()
    hall_code = models.CharField(max_length=8)
    opened = models.DateTimeField(null=True)
    delegates = models.PositiveIntegerField(null=True)
    present = models.PositiveIntegerField(null=True)
    resolved = models.DateTimeField(null=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    minutes_name = models.CharField(max_length=160, blank=True)
    report_due = models.DateTimeField(null=True)
    report_rule = models.CharField(max_length=80, blank=True)
    reported = models.DateTimeField(null=True)
    report_note = models.CharField(max_length=200, blank=True)
    followed = models.DateTimeField(null=True)
    followed_note = models.JSONField(default=dict)
    reason = models.JSONField(default=dict)

    class Meta:
        ordering = ["-meets", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
            models.CheckConstraint(condition=Q(papers_due__lt=F("meets")), name="session_papers_before_it_meets"),
            models.CheckConstraint(
                condition=Q(papers_sent__isnull=True) | Q(papers_sent__lte=F("papers_due")),
                name="session_papers_sent_in_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["called", "papers_sent", "cancelled"])
                | Q(opened__isnull=False, present__isnull=False, delegates__isnull=False, papers_sent__isnull=False),
                name="session_open_has_attendance",
            ),
            models.CheckConstraint(condition=Q(present__lte=F("delegates")), name="session_present_are_delegates"),
            models.UniqueConstraint(fields=["congress", "number"], name="session_number_once"),
        ]
        indexes = [models.Index(fields=["state", "meets"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Attendance(models.Model):
    """That a delegate is present, and in the presidium. It has no time: votes come soon after."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="+")
    presidium = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "delegate"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.delegate_id}"


class Item(models.Model):
    """One item of business. ``delegates`` are all delegates in office when its vote opened, by whom it is measured.

    ``counts`` by choice are written when the vote is settled, never before; empty where so few voted that they would
    tell who. ``tally`` is what the tellers counted on paper, ``tally_by`` who typed it, ``confirmed_by`` who typed it
    a second time from the same sheet.
    """

    code = models.CharField(max_length=32, unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=ItemKind.choices)
    title = models.JSONField()
    text = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.LISTED)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.JSONField(default=dict)
    consultation_code = models.CharField(max_length=32, blank=True)
    decision_code = models.CharField(max_length=32, blank=True)
    places = models.PositiveSmallIntegerField(default=1)
    text_sha256 = models.CharField(max_length=64, blank=True)
    way = models.CharField(max_length=8, choices=Way.choices, blank=True)
    delegates = models.PositiveIntegerField(null=True)
    opened = models.DateTimeField(null=True)
    closes = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    cast = models.PositiveIntegerField(null=True)
    papers_root = models.CharField(max_length=64, blank=True)
    tally = models.JSONField(default=dict)
    tellers = ArrayField(models.CharField(max_length=80), default=list)
    tally_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict)
    invalid = models.PositiveIntegerField(null=True)
    settled = models.DateTimeField(null=True)
    challenge_ends = models.DateTimeField(null=True)
    erased = models.DateTimeField(null=True)

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="item_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="item_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="item_outcome_known"),
            models.CheckConstraint(condition=Q(way__in=["", *Way.values]), name="item_way_known"),
            models.CheckConstraint(condition=Q(state="done") | Q(counts={}, outcome=""), name="item_no_running_totals"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(outcome=""), name="item_done_has_an_outcome"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(tally_by__isnull=True) | ~Q(confirmed_by=F("tally_by")),
                name="item_tally_typed_by_two",
            ),
            models.CheckConstraint(condition=Q(cast__lte=F("delegates")), name="item_cast_by_delegates"),
            models.CheckConstraint(condition=Q(places__gt=0), name="item_places_positive"),
            models.UniqueConstraint(
                fields=["session", "position"], name="item_own_line", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class ItemOption(models.Model):
    """A candidate to elect. Counts stand in the item, by the option's key."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    name = models.JSONField()
    elected = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="itemoption_own_line")]

    def __str__(self) -> str:
        return pick(self.name)


class MeetingPaper(models.Model):
    """A file sent ahead of a meeting, as it was sent."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="files")
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    added = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "sha256"], name="meetingpaper_once")]

    def __str__(self) -> str:
        return self.name


class VoteMark(models.Model):
    """That a delegate voted, or took a paper. What the vote says stands nowhere beside it, nor when it came."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="marks")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="+")
    voted = models.BooleanField(default=False)
    on_paper = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "delegate"], name="votemark_one_delegate_one_vote"),
            models.CheckConstraint(condition=Q(voted=True) | Q(on_paper=False), name="votemark_paper_is_a_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.delegate_id}"


class VotePaper(models.Model):
    """One vote in the box: a random key, no delegate, no time. ``choices`` stand in the order of the ballot paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="papers")
    choices = ArrayField(models.CharField(max_length=24))

    def __str__(self) -> str:
        return str(self.id)
