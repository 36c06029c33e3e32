"""Kinds, states and outcomes of officers' contact duty (handbook C21)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class System(models.TextChoices):
    """What kind of day at the base it is. Pairing is none: it is never anybody's target."""

    RESEARCH = "research", _("Research at the base")
    CONTACT_POINT = "contact_point", _("Contact point")
    CONTACT_WORKERS = "contact_workers", _("Talk with workers")
    FOLLOW_SHIFT = "follow_shift", _("Following a shift")
    RECEPTION_DAY = "reception_day", _("Chair's reception day")
    PRACTICAL_DEEDS = "practical_deeds", _("Practical deeds on site")


class DutyState(models.TextChoices):
    """Where a duty stands."""

    PLANNED = "planned", _("Planned")
    CONFIRMED = "confirmed", _("Day agreed")
    OVERDUE = "overdue", _("Not logged in time")
    DONE = "done", _("Done")
    HANDED_OVER = "handed_over", _("Issues handed over")
    ANSWERED_BACK = "answered_back", _("Answered back")
    CLOSED = "closed", pgettext_lazy("contact", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("contact", "Cancelled")


#: Still to come, or to be logged.
AHEAD = (DutyState.PLANNED, DutyState.CONFIRMED, DutyState.OVERDUE)
#: The officer says they were there.
LOGGED = (DutyState.DONE, DutyState.HANDED_OVER, DutyState.ANSWERED_BACK, DutyState.CLOSED)


class Topic(models.TextChoices):
    """What an issue is about (the topics of work orders, handbook 4.3)."""

    PAY = "pay", _("Pay")
    INSURANCE = "insurance", _("Insurance")
    CONTRACT = "contract", _("Contract and dismissal")
    HOURS = "hours", _("Hours and leave")
    SAFETY = "safety", _("Safety and injury")
    MEMBERSHIP = "membership", _("Membership")
    AID = "aid", _("Aid")
    SERVICE = "service", _("The union and its services")
    OTHER = "other", pgettext_lazy("topic", "Something else")


class IssueOutcome(models.TextChoices):
    """What those who raised it say of the answer, as their own union records it."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    NOT_SOLVED = "not_solved", _("Not solved")
    NOT_REACHED = "not_reached", _("Nobody reached")
