"""Needs: each with its figure, and with how sure that is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.hear.needs.choices import NeedKind, NeedState
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Need(models.Model):
    """One need of the members of a unit. Shares run from 0 to 1; ``rate`` is the response rate of its source.

    ``item`` and ``group_key`` say which answer and which group of the source it was derived from. ``adjusted_p`` is how
    sure it is that it stands out, all comparisons of its source counted. ``due`` is when the unit ``holder`` has to
    have answered it, by the rule kept in ``due_rule``. Who words a need does not check its figures.
    """

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=8, choices=NeedKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    detail = models.JSONField(default=dict)
    group = models.JSONField(default=dict)
    share = models.FloatField()
    lower = models.FloatField()
    upper = models.FloatField()
    n = models.FloatField(null=True)
    rate = models.FloatField(null=True)
    rest_share = models.FloatField(null=True)
    rest_lower = models.FloatField(null=True)
    rest_upper = models.FloatField(null=True)
    rest_n = models.FloatField(null=True)
    adjusted_p = models.FloatField(null=True)
    source_code = models.CharField(max_length=32, db_index=True)
    item = models.CharField(max_length=120, blank=True)
    group_key = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=12, choices=NeedState.choices, default=NeedState.DRAFTED)
    drafted = models.DateTimeField()
    published = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)
    answered = models.DateTimeField(null=True)
    holder = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(null=True)
    #: When the clock began, where that is later than the publication: it stands still while something is being done.
    clock_from = models.DateTimeField(null=True)
    taken_up = models.DateTimeField(null=True)
    #: Per cent of the time of which the holder was warned last: 50, 80, or 100 once overdue.
    warned = models.PositiveSmallIntegerField(default=0)
    due_rule = models.CharField(max_length=80, blank=True)
    worded_by = models.BigIntegerField(null=True)
    checked_by = models.BigIntegerField(null=True)
    #: What came of it first: the code of a proposal, a project or another act.
    action_code = models.CharField(max_length=32, blank=True)
    #: The questionnaire item in words and the answer's name, by which rounds are compared.
    question = models.JSONField(default=dict)

    class Meta:
        ordering = ["-published", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NeedKind.values), name="need_kind_known"),
            models.CheckConstraint(condition=Q(state__in=NeedState.values), name="need_state_known"),
            models.CheckConstraint(
                condition=Q(lower__gte=0, upper__lte=1, lower__lte=F("share"), share__lte=F("upper")),
                name="need_share_in_interval",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "taken_up", "answered"]) | Q(published__isnull=False),
                name="need_published_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer={}) & Q(answered__isnull=False)),
                name="need_answered_with_reason",
            ),
            models.CheckConstraint(condition=~Q(state="taken_up") | ~Q(action_code=""), name="need_taken_up_by_an_act"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(worded_by__isnull=True) | ~Q(checked_by=F("worded_by")),
                name="need_checker_not_wordsmith",
            ),
            models.UniqueConstraint(
                fields=["source_code", "item", "group_key"],
                condition=~Q(kind=NeedKind.FINDING),
                name="need_derived_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind"]),
            models.Index(fields=["due"], condition=Q(state="published"), name="need_clock"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Follower(models.Model):
    """An account that wants to be told what becomes of a need."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="followers")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "account"], name="need_followed_once")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.account_id}"
