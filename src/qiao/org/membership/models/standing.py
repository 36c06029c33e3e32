"""Standing: a dated right that follows the job (handbook C02)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.membership.choices import (
    ENDED,
    HOLDING,
    Confirmation,
    Employment,
    RulingKind,
    RulingState,
    Standing,
)
from qiao.org.membership.models.imports import ImportBatch
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit


class UnionGroup(models.Model):
    """A union group: the smallest cell within a base union, with one leader."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=80)
    leader = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="led_groups")
    closed = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="uniongroup_name_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's standing in one unit from a day on. ``until`` is the first day it no longer holds.

    Each row is one stretch of the history: a change of state, of unit or of employer ends a row and begins the next.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    # Found by unit and state, below.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    state = models.CharField(max_length=12, choices=Standing.choices, default=Standing.ACTIVE)
    employment = models.CharField(max_length=12, choices=Employment.choices, default=Employment.DIRECT)
    #: Whom they work for, where that is known; nobody but the union's own officers reads it.
    employer = models.ForeignKey(
        "workplaces.Employer", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    #: While in transfer: the unit that is to receive the member, and since when.
    bound_for = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="arriving", db_index=False)
    in_transfer_since = models.DateField(null=True)
    bound_employer = models.ForeignKey(
        "workplaces.Employer", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: The day after which the hub takes them in; the clock keeps the limit it started under.
    transfer_due = models.DateField(null=True)
    transfer_confirmed = models.CharField(max_length=12, choices=Confirmation.choices, blank=True)
    group = models.ForeignKey(
        UnionGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships", db_index=False
    )
    #: The day a notice "you are a member of …" reached them, and the day they said themselves that they know it.
    told = models.DateField(null=True)
    confirmed = models.DateField(null=True)
    batch = models.ForeignKey(
        ImportBatch, null=True, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Standing.values), name="membership_state_known"),
            models.CheckConstraint(condition=Q(employment__in=Employment.values), name="membership_employment_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(
                # Who is retained keeps that state on the way: no right begins before a unit has received them.
                condition=Q(
                    state__in=[Standing.TRANSFERRING, Standing.RETAINED],
                    bound_for__isnull=False,
                    in_transfer_since__isnull=False,
                )
                | (~Q(state=Standing.TRANSFERRING) & Q(bound_for__isnull=True, in_transfer_since__isnull=True)),
                name="membership_in_transfer_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(until__isnull=False), name="membership_ended_on_a_day"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True),
                # A search along the names learns from the index alone where somebody stands.
                include=["unit", "state", "employment"],
                name="membership_one_standing",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"]),
            # The register is read unit by unit, in the order of its numbers.
            models.Index(
                fields=["unit", "person"],
                condition=Q(until__isnull=True, state__in=HOLDING),
                name="membership_register",
            ),
            models.Index(
                fields=["employer"],
                condition=Q(until__isnull=True, employer__isnull=False),
                name="membership_at_employer",
            ),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="membership_of_group"),
            models.Index(
                fields=["in_transfer_since"],
                condition=Q(until__isnull=True, bound_for__isnull=False),
                name="membership_on_the_way",
            ),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="membership_of_batch"),
            models.Index(fields=["bound_for"], condition=Q(bound_for__isnull=False), name="membership_bound_for"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.unit_id}"


class StandingRuling(models.Model):
    """What a body decided about one member's standing, with its vote, or a unit on a talk or a proof.

    A second person confirms it before it has any effect, and whoever it concerns may appeal by its receipt.
    """

    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rulings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=12, choices=RulingKind.choices)
    state = models.CharField(max_length=12, choices=RulingState.choices, default=RulingState.PROPOSED)
    reason = models.CharField(max_length=1000)
    #: The day of the meeting, of the recorded talk, or of death.
    day = models.DateField()
    votes_for = models.PositiveIntegerField(null=True)
    votes_against = models.PositiveIntegerField(null=True)
    abstained = models.PositiveIntegerField(null=True)
    #: SHA-256 of the minutes: what was decided cannot be exchanged later. The minutes stay with the unit.
    minutes_hash = models.CharField(max_length=64, blank=True)
    #: For a lapse: the last day dues came in or the member took part.
    last_part = models.DateField(null=True)
    #: For a death: what proof was seen.
    proof = models.CharField(max_length=120, blank=True)
    receipt = models.CharField(max_length=16, blank=True)
    proposed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    proposed = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RulingKind.values), name="standingruling_kind_known"),
            models.CheckConstraint(condition=Q(state__in=RulingState.values), name="standingruling_state_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="standingruling_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[RulingKind.SUSPEND, RulingKind.EXPEL])
                | (
                    Q(votes_for__isnull=False, votes_against__isnull=False, abstained__isnull=False)
                    & Q(votes_for__gt=F("votes_against"))
                    & ~Q(minutes_hash="")
                ),
                name="standingruling_voted",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RulingKind.LAPSE) | Q(last_part__isnull=False), name="standingruling_lapse_after"
            ),
            models.CheckConstraint(condition=~Q(kind=RulingKind.DECEASED) | ~Q(proof=""), name="standingruling_proof"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=RulingState.PROPOSED), name="standingruling_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self) -> str:
        return self.code
