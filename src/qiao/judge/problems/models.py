"""Problems, who raised them, what is done about them, who said what when it was checked again."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.judge.problems.choices import ENDED_STATES, PUBLIC_STATES, Say, Source, State, Tendency, VoiceKind
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit


class Entry(models.Model):
    """One problem of one unit.

    ``unit`` is where it shows, ``owner_unit`` and ``owner`` answer for mending it. ``source_code`` is the object that
    brought it to light, ``source_key`` makes sure that it did so once. ``subject`` says what it is about where a
    machine can tell (a project, a topic): a later problem of the same unit and subject repeats this one. ``due`` is
    when the present state ends, ``due_rule`` the setting it came from, kept while the clock runs.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    text = models.JSONField()
    tendency = models.CharField(max_length=16, choices=Tendency.choices)
    source = models.CharField(max_length=16, choices=Source.choices)
    source_code = models.CharField(max_length=32, blank=True, db_index=True)
    source_key = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=48, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RAISED)
    #: How often a remedy was begun: verdicts belong to one turn.
    turn = models.PositiveSmallIntegerField(default=1)
    raised = models.DateTimeField()
    raised_by = models.BigIntegerField(null=True)
    clock_from = models.DateTimeField()
    due = models.DateTimeField(null=True)
    due_rule = models.CharField(max_length=120, blank=True)
    #: 0, 50, 80 or 100: how far the clock had run when the holder was last warned.
    warned = models.PositiveSmallIntegerField(default=0)
    accepted = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    declined = models.DateTimeField(null=True)
    reason = models.JSONField(default=dict, blank=True)
    owner_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    owned = models.DateTimeField(null=True)
    remedy = models.JSONField(default=dict, blank=True)
    claimed = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    claim = models.JSONField(default=dict, blank=True)
    users_asked = models.PositiveIntegerField(null=True)
    users_confirmed = models.PositiveIntegerField(null=True)
    #: From when it is checked again: later than the claim, by the setting.
    recheck_from = models.DateTimeField(null=True)
    #: Seed of the draw among those concerned, so that it can be repeated.
    draw_seed = models.CharField(max_length=64, blank=True)
    drawn_of = models.PositiveIntegerField(null=True)
    rechecked = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    lesson = models.JSONField(default=dict, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    repeat_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats")

    class Meta:
        ordering = ["raised", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="problem_state_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="problem_source_known"),
            models.CheckConstraint(condition=Q(tendency__in=Tendency.values), name="problem_tendency_known"),
            models.CheckConstraint(condition=Q(warned__in=[0, 50, 80, 100]), name="problem_warned_at"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_STATES) | Q(due__isnull=False), name="problem_open_has_a_clock"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED) | ~Q(reason={}) & Q(declined__isnull=False),
                name="problem_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.RAISED, State.ACCEPTED, State.DECLINED])
                | Q(owner__isnull=False, owner_unit__isnull=False),
                name="problem_owned_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | ~Q(remedy={}), name="problem_running_has_a_remedy"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLAIMED, State.RECHECKED])
                | Q(claimed__isnull=False, recheck_from__gt=F("claimed"), users_asked__gt=0)
                & Q(users_confirmed__lte=F("users_asked")),
                name="problem_claim_has_users",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed__isnull=False) & ~Q(lesson={}),
                name="problem_closed_with_lesson",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(owner__isnull=True) | ~Q(closed_by=F("owner")),
                name="problem_not_closed_by_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True) | ~Q(repeat_of=F("id")), name="problem_repeats_another"
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=~Q(state__in=ENDED_STATES), name="problem_clocks"),
            models.Index(fields=["unit", "subject"], name="problem_of_subject"),
            models.Index(fields=["-raised"], condition=Q(state__in=PUBLIC_STATES), name="problem_public"),
            models.Index(fields=["owner"], condition=~Q(state__in=ENDED_STATES), name="problem_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Voice(models.Model):
    """Somebody who is asked whether it is mended: who raised it, or was drawn from those it concerns.

    By person, by account of an office (an auditor), or by receipt alone: then nothing of a person is kept.
    ``shielded``: no officer sees who it is, whoever answers for the problem least of all.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="voices")
    kind = models.CharField(max_length=8, choices=VoiceKind.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    receipt = models.CharField(max_length=16, null=True, unique=True)
    shielded = models.BooleanField(default=True)
    since = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=VoiceKind.values), name="voice_kind_known"),
            models.UniqueConstraint(
                fields=["entry", "person"], condition=Q(person__isnull=False), name="problem_voice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind}"


class Verdict(models.Model):
    """One word on whether it is mended, in one turn. ``by`` where a third party checked, else by a voice."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="verdicts")
    turn = models.PositiveSmallIntegerField()
    voice = models.ForeignKey(Voice, null=True, on_delete=models.CASCADE, related_name="verdicts")
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    say = models.CharField(max_length=12, choices=Say.choices)
    note = models.CharField(max_length=500, blank=True)
    day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(say__in=Say.values), name="verdict_known"),
            models.CheckConstraint(
                condition=Q(voice__isnull=False, by__isnull=True) | Q(voice__isnull=True, by__isnull=False),
                name="verdict_of_one",
            ),
            models.UniqueConstraint(
                fields=["voice", "turn"], condition=Q(voice__isnull=False), name="verdict_once_a_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.say}"


class RemedyStep(models.Model):
    """One dated step of the remedy of one turn."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="steps")
    turn = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    text = models.JSONField()
    due = models.DateField()
    done = models.DateField(null=True)

    class Meta:
        ordering = ["turn", "position"]
        constraints = [models.UniqueConstraint(fields=["entry", "turn", "position"], name="remedystep_position_once")]

    def __str__(self) -> str:
        return pick(self.text)


class Extension(models.Model):
    """More time for a remedy, with a reason everybody reads."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="extensions")
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.JSONField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(after__gt=F("before")), name="problem_extension_is_later"),
            models.CheckConstraint(condition=~Q(reason={}), name="problem_extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.after:%F}"


class Move(models.Model):
    """One step of a problem (S3): who, for which unit, when, from where to where, on what ground.

    Triggers refuse UPDATE and DELETE.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=State.choices)
    ground = models.JSONField(default=dict, blank=True)
    by = models.BigIntegerField(null=True)
    role = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
