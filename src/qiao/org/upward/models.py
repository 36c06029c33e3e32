"""Papers upward with their clock, and the register of what is asked of the base."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.org.people.models import Account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.upward.choices import WAITING, Addressee, Matter, Outcome, PaperKind, PaperState


class Paper(models.Model):
    """One request for instructions or report from a unit to the one above, or to its own elected bodies.

    The clock is the answering side's: ``due`` is set at issue from the rule in force then, kept in ``days`` and
    ``silence_consents``, so that a later change of the setting leaves a running paper alone.
    """

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    state = models.CharField(max_length=12, choices=PaperState.choices, default=PaperState.DRAFT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    addressee = models.CharField(max_length=12, choices=Addressee.choices, default=Addressee.UPPER)
    #: Who has to answer now: the unit above, after an escalation the next one above that.
    holder = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=16, choices=Matter.choices)
    title = models.CharField(max_length=120)
    text = models.TextField()
    question = models.TextField(blank=True)
    proposal = models.TextField(blank=True)
    drafted = models.DateTimeField()
    drafted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    issued = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    silence_consents = models.BooleanField(default=False)
    escalations = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_kind_known"),
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="paper_state_known"),
            models.CheckConstraint(condition=Q(matter__in=Matter.values), name="paper_matter_known"),
            models.CheckConstraint(condition=Q(addressee__in=Addressee.values), name="paper_addressee_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="paper_outcome_known"),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("drafted_by")), name="paper_signer_not_drafter"
            ),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.REPORT, question="", proposal="", due__isnull=True)
                | (Q(kind=PaperKind.REQUEST) & ~Q(question="")),
                name="paper_question_where_it_belongs",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.ANSWERED) | (~Q(outcome="") & Q(answered__isnull=False)),
                name="paper_answered_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-drafted"]),
            models.Index(fields=["holder", "state", "due"]),
            models.Index(fields=["due"], condition=Q(state__in=WAITING), name="paper_clock"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PaperStep(models.Model):
    """One entry of a paper's transition log (S3): who, when, from, to, on what ground. Never changed."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=PaperState.choices)
    #: A push from below, which leaves the state as it is.
    chase = models.BooleanField(default=False)
    ground = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.before} → {self.after}"


class ReportDemand(models.Model):
    """One form or report a unit asks of units below it (S14): owner, purpose, notice, sunset; a new one ends an old.

    ``minutes`` is what one filling takes, ``times`` how often a year. ``begins`` is the first day it is asked,
    ``ends`` the first day it is not. ``existing_since``: it was asked before it was registered.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    purpose = models.JSONField()
    asked_of = models.CharField(max_length=16, choices=UnitKind.choices)
    minutes = models.PositiveSmallIntegerField()
    times = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    announced = models.DateTimeField()
    begins = models.DateField()
    ends = models.DateField()
    existing_since = models.DateField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="reportdemand_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(minutes__gt=0, times__gt=0), name="reportdemand_takes_time"),
            models.CheckConstraint(condition=Q(asked_of__in=UnitKind.values), name="reportdemand_asked_of_known"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=False) | Q(existing_since__isnull=False),
                name="reportdemand_new_one_ends_an_old",
            ),
        ]
        indexes = [models.Index(fields=["unit", "ends"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"
