"""Topics of free texts, what analysts made of them, and the quotes that may be shown."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from qiao.base.i18n import pick
from qiao.base.vault import EncryptedTextField
from qiao.hear.needs.choices import SetState, StepKind, TopicState
from qiao.org.units.models import Unit


class TopicSet(models.Model):
    """Topics worked out once from the free texts of some sources.

    ``sources``: list of {"code", "question", "texts"}; ``chosen``: number of clusters, silhouette, stability, and what
    was tried. ``erased``: when the texts went by the rule of retention; topics, counts and quotes stay.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    state = models.CharField(max_length=8, choices=SetState.choices, default=SetState.WAITING)
    sources = models.JSONField(default=list)
    wanted = models.PositiveSmallIntegerField(null=True)
    seed = models.PositiveBigIntegerField()
    chosen = models.JSONField(default=dict)
    texts = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    asked = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    ready = models.DateTimeField(null=True)
    erased = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SetState.values), name="topicset_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SetState.READY) | Q(ready__isnull=False), name="topicset_ready_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {pick(self.title)}"


class Topic(models.Model):
    """One topic. ``people`` and ``texts`` were counted when its texts were last moved; ``words`` named it at first."""

    topic_set = models.ForeignKey(TopicSet, on_delete=models.CASCADE, related_name="topics")
    number = models.PositiveIntegerField()
    name = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=TopicState.choices, default=TopicState.OPEN)
    into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    people = models.PositiveIntegerField(default=0)
    texts = models.PositiveIntegerField(default=0)
    #: The need that was made of it, by its public code.
    need_code = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["topic_set", "number"]
        constraints = [
            models.UniqueConstraint(fields=["topic_set", "number"], name="topic_number_once"),
            models.CheckConstraint(condition=Q(state__in=TopicState.values), name="topic_state_known"),
            models.CheckConstraint(
                condition=Q(state=TopicState.MERGED, into__isnull=False)
                | (~Q(state=TopicState.MERGED) & Q(into__isnull=True)),
                name="topic_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_set_id}/{self.number} {pick(self.name)}"


class TopicText(models.Model):
    """One different text of a set and the topic it is in (None: of no topic). Sealed; a random key, so no order.

    ``people``: from how many different people it came. ``may_quote``: everybody who wrote it consented. ``members``: of
    the smallest unit or stratum it is known to come from. ``central``: closeness to its first topic's middle, 1 is it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    topic_set = models.ForeignKey(TopicSet, on_delete=models.CASCADE, related_name="rows")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="rows")
    source_code = models.CharField(max_length=32)
    text = EncryptedTextField(bind=("id",))
    people = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()
    may_quote = models.BooleanField(default=False)
    members = models.PositiveIntegerField(default=0)
    central = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["topic", "central"])]

    def __str__(self) -> str:
        return str(self.id)


class TopicStep(models.Model):
    """One entry of what was done to topics (S3). Never changed: an undo is a step of its own that names this one.

    ``detail``: what is needed to go back: the topics as they were, and which texts were moved from where.
    """

    topic_set = models.ForeignKey(TopicSet, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    ground = models.CharField(max_length=300, blank=True)
    topics = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="topicstep_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=StepKind.UNDO, undoes__isnull=False)
                | (~Q(kind=StepKind.UNDO) & Q(undoes__isnull=True)),
                name="topicstep_undo_names_its_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_set_id} {self.kind}"


class Quote(models.Model):
    """Words shown for a topic: those of a person who consented, or an analyst's own that say the same."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="quotes")
    words = models.JSONField()
    rewritten = models.BooleanField()
    approved = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.topic_id}"
