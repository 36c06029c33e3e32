"""Who looked at whom, and why."""

from __future__ import annotations

from django.db import models

from qiao.base.i18n import pick
from qiao.org.people.models.person import Account, Person


class Look(models.Model):
    """One look at something sensitive of a person, as the person is shown it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Name and office as they were then, office in every language.
    looker = models.CharField(max_length=120)
    office = models.JSONField(default=dict)
    unit_path = models.CharField(max_length=255, blank=True)
    #: What was looked at, a key of `rules.records`.
    record = models.CharField(max_length=32)
    reason = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="look_of_person"), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.at:%F} {self.looker} {pick(self.office)}"
