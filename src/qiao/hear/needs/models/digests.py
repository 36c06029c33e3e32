"""What a period brought from all sources, on one page."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.hear.needs.choices import DigestState
from qiao.org.units.models import Unit


class Digest(models.Model):
    """One digest of one unit. ``lines`` are fixed when it is drafted and never edited: an analyst leaves lines out.

    Each line is a dict as `qiao.hear.needs.rules.sources.Line` writes it. ``left_out``: keys of lines with the reason.
    ``content_hash``: SHA-256 of the public lines, as the ledger holds it.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=DigestState.choices, default=DigestState.DRAFTED)
    words = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    left_out = models.JSONField(default=dict)
    drafted = models.DateTimeField()
    drafted_by = models.BigIntegerField(null=True)
    checked = models.DateTimeField(null=True)
    checked_by = models.BigIntegerField(null=True)
    published = models.DateTimeField(null=True)
    published_by = models.BigIntegerField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-until", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DigestState.values), name="digest_state_known"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="digest_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(checked_by=F("drafted_by")),
                name="digest_checker_not_drafter",
            ),
            models.CheckConstraint(
                condition=~Q(state=DigestState.PUBLISHED) | (Q(published__isnull=False) & ~Q(content_hash="")),
                name="digest_published_hashed",
            ),
            models.UniqueConstraint(fields=["unit", "since", "until"], name="digest_once_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.unit.name)} {self.since}"
