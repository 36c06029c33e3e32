"""Articles: what the public and members may read."""

from __future__ import annotations

from django.db import models

from qiao.base.i18n import pick
from qiao.org.units.models import Unit


class Article(models.Model):
    """One piece of news, signed by a unit. ``code`` names the object of the loop it tells of, where there is one."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="articles")
    title = models.JSONField()
    body = models.JSONField()
    code = models.CharField(max_length=32, blank=True)
    url = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    written_by = models.BigIntegerField(null=True)
    published = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["draft", "published"]), name="article_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published__isnull=False), name="article_published_dated"
            ),
        ]
        indexes = [models.Index(fields=["state", "-published"])]

    def __str__(self) -> str:
        return pick(self.title)
