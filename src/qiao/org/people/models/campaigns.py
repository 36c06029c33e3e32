"""Data checks: a unit asks its members whether their contacts still hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.org.people.choices import CampaignState, LinkState
from qiao.org.people.models.person import Account, Person


class Campaign(models.Model):
    """One data check of a unit with all below it."""

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CampaignState.choices, default=CampaignState.OPEN)
    reason = models.CharField(max_length=300)
    #: Persons whose contact somebody made sure of since this day are not asked.
    not_since = models.DateField()
    started = models.DateTimeField()
    closes = models.DateTimeField()
    started_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state=CampaignState.OPEN), name="campaign_one_open_in_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CheckLink(models.Model):
    """One person's single-use link; of the secret in it only the hash is kept, and none before it is sent."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.WAITING)
    secret_hash = models.BinaryField(max_length=32, null=True, unique=True)
    changed = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LinkState.values), name="checklink_state_known"),
            models.UniqueConstraint(fields=["campaign", "person"], name="checklink_once"),
        ]
        indexes = [models.Index(fields=["campaign", "state"])]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.person_id} {self.state}"
