"""Roll and box: who may vote and did, and the sealed ballots that nothing leads to from there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from qiao.judge.ratings.choices import Channel
from qiao.judge.ratings.models.rating import Rating
from qiao.org.people.models import Account, Person


class RollEntry(models.Model):
    """One member on the frozen roll. It says *that* the person voted; what and when stands nowhere beside it."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    frontline = models.BooleanField(default=True)
    voted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "person"], name="ratingroll_one_member_one_vote")]

    def __str__(self) -> str:
        return f"{self.rating_id}: {self.person_id}"


class Paper(models.Model):
    """One sealed ballot: a random key and what only the joined keys open. No time, no person, no channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="papers")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)


class Cast(models.Model):
    """That a vote came in, in which minute and by which way; never whose. Erased at the close."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="casts")
    minute = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=Channel.choices)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(channel__in=Channel.values), name="ratingcast_channel_known")]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.channel}"


class CountKey(models.Model):
    """A count officer of a rating, the public half of their key, and when they joined theirs for the count."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="keys")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    public_key = models.CharField(max_length=64, blank=True)
    registered = models.DateTimeField(null=True)
    joined = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "account"], name="countkey_once"),
            models.UniqueConstraint(fields=["rating", "position"], name="countkey_own_place"),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.position}"


class WrappedKey(models.Model):
    """The box's private key, sealed for count officers one inside the other, in the ``order`` of their positions.

    ``layers`` is how many seals were taken off: each officer takes off their own. ``hashes``: of what lies beneath each
    seal, so that only that is taken for it.
    """

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="wrapped")
    order = models.JSONField()
    layers = models.PositiveSmallIntegerField(default=0)
    blob = models.BinaryField()
    hashes = models.JSONField()

    def __str__(self) -> str:
        return f"{self.rating_id} {self.order}"


class Sheet(models.Model):
    """One paper ballot as it is typed: twice by two people, by a third where they differ."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField()
    first = models.JSONField()
    first_by = models.BigIntegerField()
    second = models.JSONField(null=True)
    second_by = models.BigIntegerField(null=True)
    third = models.JSONField(null=True)
    third_by = models.BigIntegerField(null=True)
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "number"], name="ratingsheet_once"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("first_by")), name="ratingsheet_two_people"
            ),
            models.CheckConstraint(
                condition=Q(third_by__isnull=True) | (~Q(third_by=F("first_by")) & ~Q(third_by=F("second_by"))),
                name="ratingsheet_third_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id}/{self.number}"
