"""Elections with their candidates, members' petitions, and reminders sent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qiao.org.elections.choices import Cause, ElectionState, NominatedBy, PetitionKind, PetitionState
from qiao.org.mandates.choices import CommitteeKind, EmployerPost, Post

_OVER = (ElectionState.CONFIRMED, ElectionState.WITHDRAWN)
_PETITION_OVER = (PetitionState.CONFIRMED, PetitionState.EXPIRED)


class Election(models.Model):
    """One election of a committee of a unit.

    ``electors`` to ``invalid`` and the votes of the candidates are counts from the paper or from a ballot of the
    platform (``evidence_code``); who voted for whom is nowhere. ``minutes_sha256`` is the hash of the signed minutes,
    which the unit keeps.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="elections")
    kind = models.CharField(max_length=12, choices=CommitteeKind.choices)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    state = models.CharField(max_length=12, choices=ElectionState.choices, default=ElectionState.PLANNED)
    day = models.DateField()
    place = models.JSONField(default=dict, blank=True)
    seats = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=200)
    planned_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    called_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    registered = models.PositiveIntegerField(null=True, blank=True)
    electors = models.PositiveIntegerField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True)
    handed_out = models.PositiveIntegerField(null=True, blank=True)
    valid = models.PositiveIntegerField(null=True, blank=True)
    invalid = models.PositiveIntegerField(null=True, blank=True)
    minutes_name = models.CharField(max_length=160, blank=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    evidence_code = models.CharField(max_length=32, blank=True)
    term_until = models.DateField(null=True, blank=True)
    filed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    warnings = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        ordering = ["-planned_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ElectionState.values), name="election_state_known"),
            models.CheckConstraint(condition=Q(kind__in=CommitteeKind.values), name="election_kind_known"),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="election_cause_known"),
            models.CheckConstraint(condition=Q(present__lte=F("electors")), name="election_present_are_electors"),
            models.CheckConstraint(condition=Q(handed_out__lte=F("present")), name="election_ballots_to_present"),
            models.CheckConstraint(
                condition=Q(handed_out__gte=F("valid") + F("invalid")), name="election_ballots_handed_out"
            ),
            models.CheckConstraint(
                condition=Q(filed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(state=ElectionState.CONFIRMED)
                | ~Q(filed_by=F("decided_by")),
                name="election_filer_is_not_confirmer",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=~Q(state__in=_OVER), name="election_one_open_of_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["state", "unit"], name="election_state_unit")]

    def __str__(self) -> str:
        return self.code


class Candidate(models.Model):
    """Somebody nominated. The electoral group declares for each: no close relative of the employer's chief."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="candidates")
    name = models.CharField(max_length=80)
    account = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="candidacies"
    )
    post = models.CharField(max_length=20, choices=Post.choices)
    nominated_by = models.CharField(max_length=12, choices=NominatedBy.choices)
    declared_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    employer_post = models.CharField(max_length=12, choices=EmployerPost.choices, default=EmployerPost.NONE)
    withdrawn = models.BooleanField(default=False)
    votes = models.PositiveIntegerField(null=True, blank=True)
    elected = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "name", "post"], name="candidate_once_a_post"),
            models.CheckConstraint(condition=Q(post__in=Post.values), name="candidate_post_known"),
            models.CheckConstraint(
                condition=Q(nominated_by__in=NominatedBy.values), name="candidate_nominated_by_known"
            ),
            models.CheckConstraint(
                condition=Q(employer_post__in=EmployerPost.values), name="candidate_employer_post_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Motion(models.Model):
    """Members of a unit ask for a special meeting, or for the recall of an officer they elected.

    ``needed`` and ``rule`` are kept from the day it began. Who signed is deleted once it is over; the count stays.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="motions")
    kind = models.CharField(max_length=12, choices=PetitionKind.choices)
    state = models.CharField(max_length=12, choices=PetitionState.choices, default=PetitionState.COLLECTING)
    subject = models.CharField(max_length=300)
    mandate = models.ForeignKey("mandates.Mandate", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    begun = models.DateField()
    closes = models.DateField()
    members = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    rule = models.CharField(max_length=80)
    signed = models.PositiveIntegerField(default=0)
    meeting_on = models.DateField(null=True, blank=True)
    meeting_place = models.JSONField(default=dict, blank=True)
    held_on = models.DateField(null=True, blank=True)
    all_members = models.PositiveIntegerField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True)
    votes_for = models.PositiveIntegerField(null=True, blank=True)
    votes_against = models.PositiveIntegerField(null=True, blank=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    passed = models.BooleanField(null=True)

    class Meta:
        ordering = ["-begun", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PetitionState.values), name="petition_state_known"),
            models.CheckConstraint(condition=Q(kind__in=PetitionKind.values), name="petition_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=PetitionKind.RECALL) | Q(mandate__isnull=False),
                name="petition_recall_names_an_office",
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("votes_for") + F("votes_against")), name="petition_votes_of_present"
            ),
            models.CheckConstraint(condition=Q(present__lte=F("all_members")), name="petition_present_are_members"),
            models.UniqueConstraint(
                fields=["mandate"],
                condition=~Q(state__in=_PETITION_OVER),
                name="petition_one_recall_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Signature(models.Model):
    """One member under a petition: once, with a receipt. Shown to nobody, deleted when the petition is over."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "person"], name="signature_one_per_member")]

    def __str__(self) -> str:
        return str(self.motion_id)


class Reminder(models.Model):
    """A reminder of a term that was sent, so that it is sent once."""

    term = models.ForeignKey("mandates.Term", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    sent = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "kind"], name="reminder_once"),
            models.CheckConstraint(condition=Q(kind__in=["due", "overdue"]), name="reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} {self.kind}"
