"""Projects made of decisions, their milestones, money, evidence, deadline changes and steps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.deliver.programmes.choices import ChangeState, EvidenceKind, Side, State
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Project(models.Model):
    """One adopted proposal on its way to being done: unit, person, money, dates.

    ``source_due`` and ``source_budget`` are the target as it was frozen at the start; ``due`` may move, with a
    reason and the other side's consent, and is always shown beside it.
    """

    State = State

    code = models.CharField(max_length=32, unique=True)
    decision_code = models.CharField(max_length=32, db_index=True)
    proposal_code = models.CharField(max_length=32, db_index=True)
    title = models.JSONField()
    goal = models.JSONField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="projects")
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="owned_projects")
    budget = models.DecimalField(max_digits=14, decimal_places=2)
    #: The organisation from outside that carries it out, by name and registration number; empty where the unit does.
    provider = models.CharField(max_length=160, blank=True)
    provider_code = models.CharField(max_length=18, blank=True, db_index=True)
    starts = models.DateField()
    due = models.DateField()
    source_due = models.DateField(null=True)
    source_budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    #: The weighted mean of the milestones, 0 to 100, kept with every report so that boards need no sum.
    progress = models.PositiveSmallIntegerField(default=0)
    spent = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    planned_by = models.BigIntegerField(null=True)
    planned = models.DateTimeField()
    started = models.DateTimeField(null=True)
    claimed = models.DateTimeField(null=True)
    claimed_by = models.BigIntegerField(null=True)
    verified = models.DateTimeField(null=True)
    verified_by = models.BigIntegerField(null=True)
    users_asked = models.PositiveIntegerField(null=True)
    users_confirmed = models.PositiveIntegerField(null=True)
    ended = models.DateTimeField(null=True)
    evaluation_code = models.CharField(max_length=32, blank=True)
    figure_text = models.JSONField(default=dict, blank=True)
    #: Why it was stopped, or closed without a judgment. Public.
    reason = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="project_state_known"),
            models.CheckConstraint(condition=Q(due__gte=F("starts")), name="project_due_after_start"),
            models.CheckConstraint(condition=Q(budget__gte=0) & Q(spent__gte=0), name="project_money_not_negative"),
            models.CheckConstraint(
                condition=Q(provider="", provider_code="") | ~Q(provider="") & ~Q(provider_code=""),
                name="project_provider_named_and_numbered",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="project_progress_range"),
            models.CheckConstraint(
                condition=Q(state=State.PLANNED) | Q(state=State.STOPPED) | Q(source_due__isnull=False),
                name="project_baseline_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | ~Q(evaluation_code="") | ~Q(reason={}), name="project_closed_judged"
            ),
            models.CheckConstraint(condition=~Q(state=State.STOPPED) | ~Q(reason={}), name="project_stop_has_reason"),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("owner")), name="project_owner_not_verifier"
            ),
            models.UniqueConstraint(
                fields=["decision_code", "proposal_code"], condition=~Q(state=State.STOPPED), name="project_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "due"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Milestone(models.Model):
    """One dated checkpoint with its weight in the whole. ``version`` counts reports, so that none is overwritten."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.JSONField()
    weight = models.PositiveSmallIntegerField(default=1)
    due = models.DateField()
    source_due = models.DateField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    done = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="milestone_progress_range"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="milestone_weight_positive"),
            models.CheckConstraint(
                condition=Q(progress=100, done__isnull=False) | Q(progress__lt=100, done__isnull=True),
                name="milestone_done_dated",
            ),
            models.UniqueConstraint(fields=["project", "position"], name="milestone_position_once"),
        ]

    def __str__(self) -> str:
        return pick(self.title)


class Report(models.Model):
    """One report on a milestone: what was reached, what was said. Never changed; a later one corrects it."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="reports")
    before = models.PositiveSmallIntegerField()
    progress = models.PositiveSmallIntegerField()
    note = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(progress__lte=100), name="report_progress_range")]

    def __str__(self) -> str:
        return f"{self.before} → {self.progress}"


class Evidence(models.Model):
    """What shows that a report is true. Files are stored under their hash and opened by offices only."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    name = models.CharField(max_length=160, blank=True)
    path = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    link = models.URLField(max_length=400, blank=True)
    asked = models.PositiveIntegerField(null=True)
    confirmed = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"),
            models.CheckConstraint(
                condition=Q(asked__isnull=True) | Q(confirmed__lte=F("asked")), name="evidence_confirmed_among_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.link}"


class Spending(models.Model):
    """One entry of money spent; a mistake is corrected by a counter-entry with a negative amount."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="spendings")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    purpose = models.JSONField()
    #: Why the budget is exceeded, where it is. Public.
    reason = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="spending_not_zero")]

    def __str__(self) -> str:
        return f"{self.amount} {pick(self.purpose)}"


class DeadlineChange(models.Model):
    """A date that is to move: who asks says why in public, the other side consents or declines."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deadline_changes")
    milestone = models.ForeignKey(Milestone, null=True, on_delete=models.CASCADE, related_name="deadline_changes")
    old_due = models.DateField()
    new_due = models.DateField()
    reason = models.JSONField()
    side = models.CharField(max_length=8, choices=Side.choices)
    state = models.CharField(max_length=10, choices=ChangeState.choices, default=ChangeState.ASKED)
    asked = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    answer = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["asked", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="change_state_known"),
            models.CheckConstraint(condition=~Q(old_due=F("new_due")), name="change_changes"),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | Q(answered_by__isnull=True) | ~Q(asked_by=F("answered_by")),
                name="change_asker_not_consenter",
            ),
            models.UniqueConstraint(
                fields=["project", "milestone"],
                condition=Q(state=ChangeState.ASKED),
                name="change_one_open",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_due} → {self.new_due}"


class Transition(models.Model):
    """One step of a project, with its ground. Triggers refuse UPDATE and DELETE (mechanism S3)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=State.choices)
    ground = models.JSONField(default=dict, blank=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
