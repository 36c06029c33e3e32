"""What comes out of a rating: published counts, the bundle, and the remedies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.judge.ratings.choices import Verdict
from qiao.judge.ratings.models.rating import Rating


class Cell(models.Model):
    """How many gave a grade to a point; null where the count is too small to be told, or would give one away."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="cells")
    point = models.CharField(max_length=24)
    grade = models.CharField(max_length=12)
    count = models.PositiveIntegerField(null=True)
    few = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "point", "grade"], name="ratingcell_once"),
            models.CheckConstraint(condition=Q(few=False) | Q(count__isnull=True), name="ratingcell_few_is_hidden"),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.point} {self.grade}"


class BundleFile(models.Model):
    """One file of the published bundle, byte for byte."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=40)
    content = models.TextField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["rating", "name"], name="ratingfile_once")]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.name}"


class Remedy(models.Model):
    """What the judged union promises to mend, by when; what it says was done; what the recheck found."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="remedies")
    point = models.CharField(max_length=24)
    text = models.JSONField()
    due = models.DateField()
    done = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    finding = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="remedy_verdict_known"),
            models.CheckConstraint(condition=~Q(verdict=Verdict.NOT_KEPT) | ~Q(finding={}), name="remedy_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.point}"
