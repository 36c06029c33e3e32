"""Computed editions of the yearly table, and the entered inputs of need-based allocation."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.org.yearbook.choices import InputKind, InputState, TableAxis, Verdict


class Edition(models.Model):
    """The yearly table of the whole federation for one year. It is computed anew each night until it is frozen.

    ``as_of``: the day its numbers are of. ``sha256``: of the edition's public text (`queries.edition_lines`), which the
    ledger holds from the freezing on, so that nobody rewrites a past year in silence.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    as_of = models.DateField()
    computed = models.DateTimeField()
    frozen = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen__isnull=True, sha256="") | Q(frozen__isnull=False) & ~Q(sha256=""),
                name="edition_frozen_has_a_hash",
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class YearRow(models.Model):
    """One row: a unit with all below it, or (axis sector) the part of it that belongs to one sector union.

    ``figures``: key to number, zeros left out. ``hidden``: keys of small cells and of those hidden with them. On the
    sector axis ``group`` None stands for units without a sector link. ``label``, ``group_label``: as they were then.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="rows")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    axis = models.CharField(max_length=8, choices=TableAxis.choices)
    group = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    group_label = models.CharField(max_length=40, blank=True)
    figures = models.JSONField(default=dict)
    hidden = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(axis__in=TableAxis.values), name="yearrow_axis_known"),
            models.UniqueConstraint(
                fields=["edition", "unit", "axis", "group"], nulls_distinct=False, name="yearrow_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.unit_id}"


class Assurance(models.Model):
    """What an independent assurer found of a unit's register, beside the frozen table of a year.

    ``wrong`` of ``checked`` memberships drawn were not as the register says; both 0 where the check was obstructed.
    Triggers refuse UPDATE and DELETE.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="assurances")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    assurer = models.CharField(max_length=120)
    appointment = models.CharField(max_length=200)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    checked = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    reasons = models.TextField()
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    entered = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="assurance_verdict_known"),
            models.CheckConstraint(condition=Q(wrong__lte=F("checked")), name="assurance_wrong_among_checked"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OBSTRUCTED) | Q(checked__gt=0), name="assurance_rests_on_a_check"
            ),
            models.UniqueConstraint(fields=["edition", "unit"], name="assurance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.unit_id} {self.verdict}"


class AllocationInput(models.Model):
    """One entered number of a unit with its day and its source. A later one replaces it; the former stays readable.

    The unit may contest the number, never the weights: somebody else than who entered it decides, with a reason.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="allocation_inputs")
    kind = models.CharField(max_length=12, choices=InputKind.choices)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    day = models.DateField()
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=InputState.choices, default=InputState.STANDING)
    entered_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    entered = models.DateTimeField()
    contested_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    contested = models.DateTimeField(null=True, blank=True)
    ground = models.TextField(blank=True)
    decided_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["unit_id", "kind", "-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=InputKind.values), name="allocationinput_kind_known"),
            models.CheckConstraint(condition=Q(state__in=InputState.values), name="allocationinput_state_known"),
            models.CheckConstraint(condition=Q(value__gte=0), name="allocationinput_not_negative"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="allocationinput_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind"],
                condition=~Q(state=InputState.REPLACED),
                name="allocationinput_one_that_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"
