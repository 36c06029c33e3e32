"""One term of a workers' congress, its constituencies, its delegates, and meetings that delegates call."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.decide.congress.choices import CongressKind, MajorityOf, SeatEnd, TermState


class Congress(models.Model):
    """One term. ``assembly``: too few workers for delegates, all of them meet.

    ``workers``, ``women`` and ``front_line`` are the electorate on ``counted``; the shares and spans beside them are
    the settings in force when the term was formed, so that a later change of a setting does not touch it.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="congresses")
    kind = models.CharField(max_length=8, choices=CongressKind.choices)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=TermState.choices, default=TermState.FORMING)
    assembly = models.BooleanField(default=False)
    workers = models.PositiveIntegerField()
    women = models.PositiveIntegerField()
    front_line = models.PositiveIntegerField()
    counted = models.DateField()
    source = models.CharField(max_length=160)
    seats = models.PositiveIntegerField()
    fewest = models.PositiveIntegerField()
    table = models.CharField(max_length=8, blank=True)
    manager_share = models.FloatField()
    front_line_share = models.FloatField()
    women_part = models.FloatField()
    turnout = models.FloatField()
    majority_of = models.CharField(max_length=8, choices=MajorityOf.choices)
    formed = models.DateTimeField()
    formed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    filed = models.DateTimeField(null=True)
    filed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    certified = models.DateTimeField(null=True)
    certified_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    extended_until = models.DateField(null=True)
    extension_reason = models.JSONField(default=dict)

    class Meta:
        ordering = ["-formed", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TermState.values), name="congress_state_known"),
            models.CheckConstraint(condition=Q(kind__in=CongressKind.values), name="congress_kind_known"),
            models.CheckConstraint(condition=Q(majority_of__in=MajorityOf.values), name="congress_majority_of_known"),
            models.CheckConstraint(
                condition=Q(workers__gt=0, women__lte=F("workers"), front_line__lte=F("workers")),
                name="congress_parts_of_the_workers",
            ),
            models.CheckConstraint(condition=Q(seats__gte=F("fewest")), name="congress_enough_seats"),
            models.CheckConstraint(
                condition=~Q(state__in=["in_term", "ended"]) | Q(certified__isnull=False, since__isnull=False),
                name="congress_in_term_is_certified",
            ),
            models.CheckConstraint(
                condition=Q(certified_by__isnull=True) | Q(filed_by__isnull=True) | ~Q(certified_by=F("filed_by")),
                name="congress_certified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(extended_until__isnull=True) | Q(extended_until__gt=F("until")),
                name="congress_extension_is_longer",
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(state=TermState.IN_TERM), name="congress_one_in_term"),
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(state__in=[TermState.IN_TERM, TermState.ENDED]),
                name="congress_one_forming",
            ),
            models.UniqueConstraint(fields=["unit", "number"], name="congress_number_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Constituency(models.Model):
    """A workshop, department or employer that elects delegates by itself; counts are those of its minutes."""

    congress = models.ForeignKey(Congress, on_delete=models.CASCADE, related_name="constituencies")
    position = models.PositiveSmallIntegerField()
    name = models.JSONField()
    electors = models.PositiveIntegerField()
    seats = models.PositiveIntegerField(default=0)
    held_on = models.DateField(null=True)
    took_part = models.PositiveIntegerField(null=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    minutes_name = models.CharField(max_length=160, blank=True)
    entered_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "position"], name="constituency_own_line"),
            models.CheckConstraint(condition=Q(electors__gt=0), name="constituency_has_electors"),
            models.CheckConstraint(condition=Q(took_part__lte=F("electors")), name="constituency_voters_are_electors"),
        ]

    def __str__(self) -> str:
        return pick(self.name)


class Delegate(models.Model):
    """A seat and who holds it. Whoever is not in the register, or has no account, votes on paper.

    ``woman``, ``front_line`` and ``manager`` stand in the minutes for the quotas; only their counts are shown.
    """

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="delegates")
    constituency = models.ForeignKey(Constituency, null=True, on_delete=models.PROTECT, related_name="delegates")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=80)
    woman = models.BooleanField(default=False)
    front_line = models.BooleanField(default=False)
    manager = models.BooleanField(default=False)
    votes = models.PositiveIntegerField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    ended = models.CharField(max_length=12, choices=SeatEnd.choices, blank=True)

    class Meta:
        ordering = ["constituency__position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ended__in=["", *SeatEnd.values]), name="delegate_end_known"),
            models.CheckConstraint(condition=~Q(front_line=True, manager=True), name="delegate_manager_or_front_line"),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended="") | Q(until__isnull=False) & ~Q(ended=""),
                name="delegate_end_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["congress", "person"], condition=Q(until__isnull=True), name="delegate_one_seat_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingCall(models.Model):
    """Delegates call a meeting: once a third has signed, the union must call it. ``needed``: of the first day."""

    congress = models.ForeignKey(Congress, on_delete=models.CASCADE, related_name="calls")
    subject = models.CharField(max_length=300)
    begun = models.DateTimeField()
    needed = models.PositiveIntegerField()
    reached = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun", "-pk"]

    def __str__(self) -> str:
        return self.subject


class CallSign(models.Model):
    """One delegate under a call. Shown to nobody: only the count is."""

    call = models.ForeignKey(MeetingCall, on_delete=models.CASCADE, related_name="signs")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "delegate"], name="callsign_once")]

    def __str__(self) -> str:
        return str(self.call_id)
