"""Where requests go, and prepared answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.hear.window.choices import State, Topic
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer


class ReceiverRule(models.Model):
    """Requests of a topic, a place or an employer go to a body, from a day on. An empty topic stands for all."""

    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=12, choices=Topic.choices, blank=True)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(topic__in=["", *Topic.values]), name="receiverrule_topic_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="receiverrule_ends_after"
            ),
            models.UniqueConstraint(
                fields=["place", "topic", "employer"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="receiverrule_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.topic} → {self.body_id}"


class AnswerTemplate(models.Model):
    """A prepared text for one step, with places for what differs: {code}, {receipt}, {topic}, {body}, {day}."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=State.choices)
    topic = models.CharField(max_length=12, choices=Topic.choices, blank=True)
    title = models.JSONField()
    text = models.JSONField()
    made = models.DateTimeField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="answertemplate_state_known"),
            models.CheckConstraint(condition=Q(topic__in=["", *Topic.values]), name="answertemplate_topic_known"),
        ]
        indexes = [models.Index(fields=["unit", "state"], condition=Q(ended__isnull=True), name="answertemplate_used")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"
