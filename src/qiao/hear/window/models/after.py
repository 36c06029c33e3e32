"""What follows an answer, and what protects the asker: call-backs, ratings, extensions, looks, the 28-day question."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.vault import EncryptedTextField
from qiao.hear.window.choices import Grade, Outcome
from qiao.hear.window.models.requests import Request
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class Extension(models.Model):
    """More time, with a reason the asker reads."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="extensions")
    serial = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.CharField(max_length=500)
    told = models.DateTimeField(null=True)

    class Meta:
        ordering = ["request", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["request", "serial"], name="extension_serial_once"),
            models.CheckConstraint(condition=Q(after__gt=F("before")), name="extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.after:%F}"


class CallBack(models.Model):
    """One attempt to ask the asker whether it helped, by another person than the handler, or the asker's own word
    on the receipt's page (``by`` empty)."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="call_backs")
    serial = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    #: Drawn for a second call-back by another unit.
    sample = models.BooleanField(default=False)
    note = EncryptedTextField(bind=("request_id", "serial"), null=True)

    class Meta:
        ordering = ["request", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["request", "serial"], name="callback_serial_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="callback_outcome_known"),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(handler__isnull=True) | ~Q(by=F("handler")),
                name="callback_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.outcome}"


class Rating(models.Model):
    """The asker's grade of the service, once after each answer. A bad one has its own clock to be mended."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="ratings")
    turn = models.PositiveSmallIntegerField()
    day = models.DateField()
    grade = models.PositiveSmallIntegerField(choices=Grade.choices)
    retold = models.BooleanField(null=True)
    note = EncryptedTextField(bind=("request_id", "turn"), null=True)
    mend_due = models.DateTimeField(null=True)
    mended = models.DateTimeField(null=True)
    mended_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "turn"], name="rating_once_a_turn"),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="rating_grade_known"),
        ]
        indexes = [
            models.Index(
                fields=["mend_due"], condition=Q(mended__isnull=True, mend_due__isnull=False), name="rating_to_mend"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.grade}"


class FollowUp(models.Model):
    """ "Is it still solved?", asked some weeks after the end; nobody is chased for the answer."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="follow_up")
    due = models.DateTimeField()
    asked = models.DateTimeField(null=True)
    still_solved = models.BooleanField(null=True)
    answered = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due"], condition=Q(asked__isnull=True), name="followup_to_ask")]

    def __str__(self) -> str:
        return f"{self.request_id}"


class AskerLook(models.Model):
    """Who looked at the asker's name or contact, or at a file that was shut, and why: the asker reads it."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    looker = models.CharField(max_length=120)
    what = models.CharField(max_length=8)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.looker}"


class SafetyCall(models.Model):
    """Somebody may be in danger of their life: for the few who are trained, and for as long as it lasts.

    It stands apart from request and person, no list or figure shows it, and it is erased soon after its end.
    """

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="safety_call")
    raised = models.DateTimeField()
    taken_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    taken = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}"
