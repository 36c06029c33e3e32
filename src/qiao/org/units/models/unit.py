"""The tree of units: today's place tree as a materialised path, beside the dated links of both axes."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from qiao.base.i18n import pick
from qiao.org.units.choices import Axis, Relation, UnitKind, UnitState


class _Keys(models.Func):
    """A key as a range of one: plain GiST indexes compare ranges, so no extension is needed."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = BigIntegerRangeField()


class _Days(models.Func):
    """The days from one up to another, without the last."""

    function = "daterange"
    output_field = DateRangeField()


class Unit(models.Model):
    """One body of the federation. ``path`` is the ids from the root down, five base-36 signs each.

    A path is made of the unit's own never reused key, so two founders at once cannot collide, and a subtree is a
    prefix of it. ``label`` (such as EBF-D03-H14) is for people and may change when a unit moves.
    """

    path = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    label = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    state = models.CharField(max_length=12, choices=UnitState.choices, default=UnitState.ACTIVE)
    name = models.JSONField()
    founded = models.DateField()
    closed = models.DateField(null=True, blank=True)
    #: Last day of the committee's term, as the elections say: what "election due" is counted from.
    term_ends = models.DateField(null=True, blank=True)
    #: The table it was imported with, so that the import can be undone as one.
    batch = models.ForeignKey(
        "units.UnitBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="units", db_index=False
    )

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.CheckConstraint(condition=Q(state__in=UnitState.values), name="unit_state_known"),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("founded")), name="unit_not_closed_before_founded"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_own_parent"),
        ]
        indexes = [
            models.Index(fields=["kind"]),
            # The list of what stands directly below, page by page.
            models.Index(fields=["parent", "kind", "label"], name="unit_children"),
            models.Index(fields=["state", "term_ends"], name="unit_terms"),
            models.Index(Upper("label"), name="unit_label_any_case"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="unit_of_batch"),
        ]

    def __str__(self) -> str:
        return pick(self.name)

    @property
    def depth(self) -> int:
        """Levels above the unit."""
        return len(self.path) // 5 - 1


class UnitLink(models.Model):
    """One dated link of a unit to a body above it. ``until`` is the first day it no longer holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="links")
    above = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="links_below")
    axis = models.CharField(max_length=8, choices=Axis.choices)
    relation = models.CharField(max_length=8, choices=Relation.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(axis__in=Axis.values), name="unitlink_axis_known"),
            models.CheckConstraint(condition=Q(relation__in=Relation.values), name="unitlink_relation_known"),
            models.CheckConstraint(condition=~Q(unit=F("above")), name="unitlink_not_to_itself"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="unitlink_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(axis=Axis.PLACE, relation=Relation.LEADS, until__isnull=True),
                name="unitlink_one_leading_place_parent",
            ),
            # Not only today: at each date there is one.
            ExclusionConstraint(
                name="unitlink_one_leading_place_parent_each_day",
                expressions=[(_Keys("unit", "unit"), "&&"), (_Days("since", "until"), "&&")],
                condition=Q(axis=Axis.PLACE, relation=Relation.LEADS),
            ),
        ]
        indexes = [
            # Counting what stands directly below on a day reads the index alone.
            models.Index(
                fields=["above", "axis", "since"], include=["until", "relation", "unit"], name="unitlink_below_on"
            ),
            models.Index(fields=["unit", "axis", "since"], name="unitlink_above"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.above_id} ({self.axis})"


class UnitName(models.Model):
    """What a unit was called, and what it was, from a day on. ``until`` is the first day it no longer was."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.JSONField()
    label = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unitname_kind_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="unitname_ends_after_start"
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(until__isnull=True), name="unitname_one_name_now"),
            models.UniqueConstraint(fields=["unit", "since"], name="unitname_one_a_day"),
        ]
        indexes = [
            models.Index(Upper("label"), name="unitname_label_any_case"),
            # Only names that have ended are looked up for a day: the present ones stand with the units.
            models.Index(fields=["unit", "until"], condition=Q(until__isnull=False), name="unitname_former"),
        ]

    def __str__(self) -> str:
        return pick(self.name)
