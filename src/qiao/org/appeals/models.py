"""Appeals against refusals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.appeals.choices import OPEN, AppealState, Try


class Appeal(models.Model):
    """One objection to one refusal. Units are known by their paths: this app stands below them.

    ``subject`` is the public code of what was refused. ``barred_ids`` are the accounts that decided before, at
    whichever try; ``barred_paths`` the units they decided for.
    """

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=32)
    unit_path = models.CharField(max_length=120)
    #: The unit before which this try stands.
    body_path = models.CharField(max_length=120)
    attempt = models.PositiveSmallIntegerField(choices=Try.choices, default=Try.FIRST)
    earlier = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")
    state = models.CharField(max_length=12, choices=AppealState.choices, default=AppealState.FILED)
    ground = models.TextField()
    barred_ids = models.JSONField(default=list)
    barred_paths = models.JSONField(default=list)
    person_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    receipt = models.CharField(max_length=32, unique=True)
    filed = models.DateTimeField()
    due = models.DateTimeField()
    due_rule = models.CharField(max_length=120)
    taken_up = models.DateTimeField(null=True)
    reviewer_id = models.BigIntegerField(null=True)
    reviewer = models.CharField(max_length=160, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_path = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    #: Until when a second try may be filed after a dismissal.
    again_until = models.DateTimeField(null=True)
    told = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state_known"),
            models.CheckConstraint(condition=Q(attempt__in=Try.values), name="appeal_two_tries"),
            models.CheckConstraint(
                condition=Q(attempt=Try.FIRST, earlier__isnull=True) | Q(attempt=Try.SECOND, earlier__isnull=False),
                name="appeal_second_follows_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AppealState.UPHELD, AppealState.DISMISSED])
                | (Q(decided__isnull=False) & ~Q(reason="")),
                name="appeal_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | Q(account_id__isnull=True)
                | ~Q(decided_by_id=F("account_id")),
                name="appeal_not_decided_by_appellant",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(state__in=OPEN), name="appeal_one_open_a_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["body_path", "due"], condition=Q(state__in=OPEN), name="appeal_waiting"),
            models.Index(fields=["subject"]),
        ]

    def __str__(self) -> str:
        return self.code
