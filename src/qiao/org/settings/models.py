"""Values of settings: a list that only grows, so that what held on any day can be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SettingValue(models.Model):
    """What holds for one setting in one unit and below from a day on, until the unit's next row.

    ``ends`` gives up the unit's own value: from that day on what holds above it holds. A row that has begun is never
    changed; one that has not begun may be withdrawn.
    """

    key = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="setting_values")
    value = models.JSONField(null=True)
    ends = models.BooleanField(default=False)
    since = models.DateField()
    reason = models.CharField(max_length=400)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    #: The name under which the officer set it: names of officers are public.
    set_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["key", "unit", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "unit", "since"], condition=Q(withdrawn_at__isnull=True), name="settingvalue_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends=True, value__isnull=True) | Q(ends=False, value__isnull=False),
                name="settingvalue_has_value_or_ends",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="settingvalue_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.key} @ {self.unit_id} {self.since}"
