"""One asking of one part of the tree, from its plan to its results; the privacy check before it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Allocation, Asked, CheckOutcome, Design, RoundState, StratumBy
from qiao.hear.surveys.models.questionnaires import QuestionnaireVersion
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

#: States a round reaches only with frozen answers.
_FROZEN = [RoundState.PUBLISHED, RoundState.FAILED, RoundState.LINKED]


class Round(models.Model):
    """One planned asking of one subtree with one version of a questionnaire.

    ``strata`` is a list of {"key", "label", "population", "invited"} set by the draw ("probability" where it is the
    same for a whole stratum) and, from closing on, "answered" and "undeliverable". ``clusters`` is, for draws by
    unions, a list of {"key", "stratum", "unions", "population", "invited", "first_stage", "weight"}: pseudo-PSUs of
    at least
    `rules.DESIGN_CELL` invited people; "weight" is the mean of 1 ÷ inclusion probability of those invited in it.
    ``commitment`` is the SHA-256 of ``nonce``, in the ledger before the frame is frozen; ``seed`` is made of both.
    ``results`` is what is published: see ``services.publish_results``.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    #: What the answers are needed for: the data protection officer and whoever is asked read it.
    purpose = models.JSONField(default=dict)
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=20, choices=RoundState.choices, default=RoundState.PLANNED)
    asked = models.CharField(max_length=12, choices=Asked.choices)
    sample_size = models.PositiveIntegerField(null=True)
    stratum_by = models.CharField(max_length=12, choices=StratumBy.choices, default=StratumBy.DISTRICT)
    design = models.CharField(max_length=12, choices=Design.choices, default=Design.ELEMENTS)
    allocation = models.CharField(max_length=12, choices=Allocation.choices, default=Allocation.PROPORTIONAL)
    #: Sizes by stratum for a given allocation.
    given = models.JSONField(default=dict, blank=True)
    #: For Neyman's allocation: the earlier round, and question:option whose spread in each stratum is taken.
    earlier_code = models.CharField(max_length=32, blank=True)
    earlier_item = models.CharField(max_length=160, blank=True)
    #: Members drawn in each union, for draws in two stages.
    per_cluster = models.PositiveIntegerField(null=True)
    #: The share of those asked that is expected to answer, as it was planned with.
    expected_rate = models.FloatField(null=True)
    nonce = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    #: The day the register is taken of, and the hash of the frame frozen then.
    frame_day = models.DateField(null=True)
    frame_hash = models.CharField(max_length=64, blank=True)
    strata = models.JSONField(default=list)
    clusters = models.JSONField(default=list)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    #: Each postponed close: from, to, reason, day. Never an earlier one.
    extensions = models.JSONField(default=list)
    early_reason = models.TextField(blank=True)
    planned_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    drawn_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    drawn = models.DateTimeField(null=True)
    codes_made = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    #: Where the platform stands for those who are sent a link: the address the round was opened at.
    site = models.CharField(max_length=200, blank=True)
    #: Reminders that went out, how many there may be and after how many days: as the setting was at opening.
    reminded = models.PositiveSmallIntegerField(default=0)
    reminders_most = models.PositiveSmallIntegerField(default=0)
    reminders_after = models.PositiveSmallIntegerField(default=7)
    closed = models.DateTimeField(null=True)
    weighted = models.DateTimeField(null=True)
    #: Totals from a file that the weights are fitted to: file, sha256, totals by variable and category.
    margins = models.JSONField(default=dict, blank=True)
    #: What was done to the weights, step by step, with every cell: see ``queries.weights``. Never changed after.
    weighting = models.JSONField(default=dict)
    published = models.DateTimeField(null=True)
    linked = models.DateTimeField(null=True)
    population = models.PositiveIntegerField(default=0)
    invited = models.PositiveIntegerField(default=0)
    undeliverable = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    #: Answers of volunteers that came in a burst from one address: kept, and said.
    flagged = models.PositiveIntegerField(default=0)
    manifest_hash = models.CharField(max_length=64, blank=True)
    results = models.JSONField(default=dict)
    #: The limits this round was planned under: fewer answers are not published, figures of fewer people are hidden,
    #: weights over so many times the median are trimmed.
    publish_floor = models.PositiveIntegerField(default=30)
    small_cell = models.PositiveIntegerField(default=5)
    weight_cap = models.PositiveSmallIntegerField(default=5)
    #: When the single answers were erased; tables and manifest stay.
    erased = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opens", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(condition=Q(asked__in=Asked.values), name="round_asked_known"),
            models.CheckConstraint(condition=Q(stratum_by__in=StratumBy.values), name="round_stratum_known"),
            models.CheckConstraint(condition=Q(design__in=Design.values), name="round_design_known"),
            models.CheckConstraint(condition=Q(allocation__in=Allocation.values), name="round_allocation_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="round_closes_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(asked=Asked.SAMPLE) | Q(sample_size__gt=0), name="round_sample_has_size"
            ),
            models.CheckConstraint(
                condition=Q(design=Design.ELEMENTS) | Q(asked=Asked.SAMPLE), name="round_clusters_of_a_sample"
            ),
            models.CheckConstraint(
                condition=~Q(design=Design.TWO_STAGE) | Q(per_cluster__gt=0), name="round_two_stages_have_sizes"
            ),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=True) | Q(planned_by__isnull=True) | ~Q(drawn_by=F("planned_by")),
                name="round_drawer_is_not_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_FROZEN) | ~Q(manifest_hash=""), name="round_published_is_frozen"
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.LINKED) | Q(linked__isnull=False), name="round_linked_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.WEIGHTED) | Q(weighted__isnull=False), name="round_weighted_dated"
            ),
            models.CheckConstraint(
                condition=Q(erased__isnull=True) | Q(state__in=_FROZEN), name="round_erased_after_published"
            ),
            models.CheckConstraint(condition=Q(small_cell__gte=5), name="round_small_cell_never_below_five"),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class PrivacyCheck(models.Model):
    """What the data protection officer found of a plan, before anybody is drawn (handbook C04).

    ``sensitive``: names of questions marked as sensitive; ``points``: each point of the sheet, held or not.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="checks")
    outcome = models.CharField(max_length=8, choices=CheckOutcome.choices)
    sensitive = models.JSONField(default=list)
    points = models.JSONField(default=dict)
    retention_days = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=CheckOutcome.values), name="privacycheck_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=CheckOutcome.PASSED) | ~Q(reason=""), name="privacycheck_refusal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.outcome}"
