"""One asking of one part of the tree, from its plan to its results."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Asked, RoundState, StratumBy
from qiao.hear.surveys.models.questionnaires import QuestionnaireVersion
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Round(models.Model):
    """One planned asking of one subtree with one version of a questionnaire.

    ``strata`` is a list of {"key", "label", "population", "invited"} set by the draw and, from closing on, "answered".
    ``seed`` makes the draw repeatable. ``results`` is what is published: see ``services.publish_results``.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=12, choices=RoundState.choices, default=RoundState.PLANNED)
    asked = models.CharField(max_length=12, choices=Asked.choices)
    sample_size = models.PositiveIntegerField(null=True)
    stratum_by = models.CharField(max_length=12, choices=StratumBy.choices, default=StratumBy.DISTRICT)
    seed = models.CharField(max_length=64, blank=True)
    strata = models.JSONField(default=list)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    planned_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    drawn = models.DateTimeField(null=True)
    codes_made = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)
    population = models.PositiveIntegerField(default=0)
    invited = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    manifest_hash = models.CharField(max_length=64, blank=True)
    results = models.JSONField(default=dict)
    #: The limits this round was planned under: fewer answers are not published, figures of fewer people are hidden.
    publish_floor = models.PositiveIntegerField(default=30)
    small_cell = models.PositiveIntegerField(default=5)
    #: When the single answers were erased; tables and manifest stay.
    erased = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opens", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(condition=Q(asked__in=Asked.values), name="round_asked_known"),
            models.CheckConstraint(condition=Q(stratum_by__in=StratumBy.values), name="round_stratum_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="round_closes_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(asked=Asked.SAMPLE) | Q(sample_size__gt=0), name="round_sample_has_size"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "failed"]) | ~Q(manifest_hash=""), name="round_published_is_frozen"
            ),
            models.CheckConstraint(
                condition=Q(erased__isnull=True) | Q(state__in=["published", "failed"]),
                name="round_erased_after_published",
            ),
            models.CheckConstraint(condition=Q(small_cell__gte=5), name="round_small_cell_never_below_five"),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"
