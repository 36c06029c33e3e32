"""Needs: each with its figure, and with how sure that is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.hear.needs.choices import NeedKind, NeedState
from qiao.org.units.models import Unit


class Need(models.Model):
    """One need of the members of a unit. Shares run from 0 to 1; ``rate`` is the response rate of its source.

    ``item`` and ``group_key`` say which answer and which group of the source it was derived from.
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
                condition=~Q(state__in=["published", "answered"]) | Q(published__isnull=False),
                name="need_published_dated",
            ),
            models.UniqueConstraint(
                fields=["source_code", "item", "group_key"],
                condition=~Q(kind=NeedKind.FINDING),
                name="need_derived_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"])]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"
