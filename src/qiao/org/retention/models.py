"""Proofs of what was erased, when each class was last looked at, and what is held back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.retention.choices import Ground


class Proof(models.Model):
    """That records of one class were erased: how many, under which rule, older than when, and a hash of their keys.

    ``digest`` is a chain: each batch hashes the digest before it, a newline, and the keys it erased, one a line.
    A row without ``finished`` was interrupted and is taken up again by the next run.
    """

    object_class = models.CharField(max_length=48)
    rule = models.CharField(max_length=80)
    cutoff = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    ledger_index = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-started", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["object_class"], condition=Q(finished__isnull=True), name="proof_one_open_a_class"
            )
        ]
        indexes = [models.Index(fields=["object_class", "-started"])]

    def __str__(self) -> str:
        return f"{self.object_class} {self.number} {self.digest[:12]}"


class LastRun(models.Model):
    """When a class was last gone through, whether or not anything was due, and what went wrong if something did."""

    object_class = models.CharField(max_length=48, unique=True)
    at = models.DateTimeField()
    failed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.object_class} {self.at:%F %T}"


class Hold(models.Model):
    """Records of a class that are not erased until a day: one object by its code, one unit and below, or all."""

    object_class = models.CharField(max_length=48)
    code = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    reason = models.CharField(max_length=400)
    since = models.DateField()
    #: The first day it no longer holds.
    until = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    set_by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="hold_ground_known"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="hold_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_reason"),
            models.CheckConstraint(condition=Q(code="") | Q(unit__isnull=True), name="hold_code_or_unit"),
        ]
        indexes = [models.Index(fields=["object_class", "until"])]

    def __str__(self) -> str:
        return f"{self.object_class} {self.code or self.unit_id or '*'} → {self.until}"
