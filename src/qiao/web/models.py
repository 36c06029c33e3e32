"""Where accounts are signed in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.people.models import Account


class SignIn(models.Model):
    """One session of an account as its owner sees it: which kind of device, since when, last on which day.

    Neither address nor place is kept, nor the browser's full text: two words tell a person which device it was.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=16)
    system = models.CharField(max_length=16)
    started = models.DateTimeField()
    seen = models.DateField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("started")), name="signin_ends_after"
            )
        ]
        indexes = [models.Index(fields=["account", "-started"])]

    def __str__(self) -> str:
        return f"{self.account_id} {self.browser} {self.system}"
