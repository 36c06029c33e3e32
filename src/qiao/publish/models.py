"""Articles: what the public and members may read, and what was corrected in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.org.units.models import Unit
from qiao.publish.choices import Kind, State


class Article(models.Model):
    """One piece of news, signed by a unit. ``code`` names the object of the loop it tells of, where there is one.

    ``written_by`` and ``released_by`` are account ids: who writes never releases.
    """

    State = State

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="articles")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.ANNOUNCEMENT)
    title = models.JSONField()
    body = models.JSONField()
    code = models.CharField(max_length=32, blank=True)
    url = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    written_by = models.BigIntegerField(null=True)
    released_by = models.BigIntegerField(null=True)
    changed = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    #: Counts every change, so that two editors at once cannot overwrite each other unseen.
    version = models.PositiveIntegerField(default=1)
    remark = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="article_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.SUBMITTED, State.WITHDRAWN]) | Q(published__isnull=False),
                name="article_published_dated",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | Q(written_by__isnull=True) | ~Q(released_by=F("written_by")),
                name="article_writer_is_not_releaser",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.NOTICE)
                | Q(state__in=[State.DRAFT, State.SUBMITTED, State.WITHDRAWN])
                | Q(expires__isnull=False),
                name="article_notice_expires",
            ),
        ]
        indexes = [models.Index(fields=["state", "-published"]), models.Index(fields=["code"])]

    def __str__(self) -> str:
        return pick(self.title)


class Correction(models.Model):
    """A change of a published text. The text before it stays to be read, with the reason."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="corrections")
    title = models.JSONField()
    body = models.JSONField()
    old_title = models.JSONField(default=dict)
    old_body = models.JSONField(default=dict)
    reason = models.JSONField()
    written_by = models.BigIntegerField(null=True)
    written = models.DateTimeField()
    released_by = models.BigIntegerField(null=True)
    released = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | Q(written_by__isnull=True) | ~Q(released_by=F("written_by")),
                name="correction_writer_is_not_releaser",
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(released__isnull=True), name="correction_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {pick(self.reason)}"
