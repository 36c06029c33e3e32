"""One question about rights, answered in plain words for one place, in versions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.hear.rights.choices import COMING, Topic, VersionState
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Article(models.Model):
    """One question at one place. ``overrides``: the article of a unit above that it stands in for, below its unit.

    ``helped``/``not_helped`` count clicks of nobody in particular.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=12, choices=Topic.choices)
    overrides = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="overridden")
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)
    made = models.DateTimeField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="article_topic_known"),
            models.CheckConstraint(condition=~Q(overrides=F("id")), name="article_overrides_another"),
            models.UniqueConstraint(
                fields=["unit", "overrides"], condition=Q(overrides__isnull=False), name="article_one_override_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One wording. Texts are `Localized`; ``steps`` and ``papers`` lists of them; ``basis`` a list of
    ``{"law", "number", "date"}``, the date as ISO or empty. ``words``: other words people use, for the search.

    ``confirmed`` is when somebody last said that it still holds (S15), ``next_check`` when this is due again.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFTED)
    question = models.JSONField()
    answer = models.JSONField()
    steps = models.JSONField(default=list)
    papers = models.JSONField(default=list)
    basis = models.JSONField(default=list)
    words = models.CharField(max_length=300, blank=True)
    holds_since = models.DateField()
    holds_until = models.DateField(null=True)
    drafted = models.DateTimeField()
    drafted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    checked = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    published = models.DateTimeField(null=True)
    confirmed = models.DateField(null=True)
    next_check = models.DateField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="articleversion_number_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state=VersionState.PUBLISHED), name="articleversion_one_published"
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state__in=COMING), name="articleversion_one_coming"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="articleversion_state_known"),
            # Nobody checks what they wrote.
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(checked_by=F("drafted_by")),
                name="articleversion_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.PUBLISHED)
                | Q(published__isnull=False, checked__isnull=False, next_check__isnull=False),
                name="articleversion_published_after_check",
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True) | Q(holds_until__gte=F("holds_since")),
                name="articleversion_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check"], condition=Q(state=VersionState.PUBLISHED), name="articleversion_to_check"
            ),
            models.Index(
                fields=["holds_until"], condition=Q(state=VersionState.PUBLISHED), name="articleversion_to_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"
