"""A petition by which members call a rating themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.judge.ratings.choices import PetitionState
from qiao.judge.ratings.models.rating import Rating
from qiao.org.people.models import Person
from qiao.org.units.models import Unit


class MembersCall(models.Model):
    """Members of a union ask for a rating. How many signed is told to nobody before enough have."""

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    ground = models.JSONField()
    began = models.DateTimeField()
    until = models.DateTimeField()
    needed = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=PetitionState.choices, default=PetitionState.COLLECTING)
    ended = models.DateTimeField(null=True)
    rating = models.OneToOneField(Rating, null=True, on_delete=models.PROTECT, related_name="members_call")

    class Meta:
        ordering = ["-began", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PetitionState.values), name="memberscall_state_known"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="memberscall_needs_somebody"),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="collecting"), name="memberscall_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.code


class Signature(models.Model):
    """A member's name under a petition. Shown to nobody; erased when the petition is over."""

    call = models.ForeignKey(MembersCall, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.call_id}"
