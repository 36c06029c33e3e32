"""States of elections and petitions (handbook C01)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ElectionState(models.TextChoices):
    """Where an election stands."""

    PLANNED = "planned", pgettext_lazy("election", "Planned")
    CALLED = "called", _("Called")
    HELD = "held", _("Held")
    FILED = "filed", _("Result filed")
    RETURNED = "returned", _("Sent back for correction")
    CONFIRMED = "confirmed", pgettext_lazy("election", "Confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("election", "Withdrawn")


class Cause(models.TextChoices):
    """Why there is an election."""

    FIRST = "first", _("First election")
    RENEWAL = "renewal", _("Re-election at the end of the term")
    EARLY = "early", _("Re-election before the end of the term")
    FILL = "fill", _("Filling of a vacancy within the term")


class NominatedBy(models.TextChoices):
    """Who put a candidate forward."""

    GROUP = "group", _("A union group")
    MEMBERS = "members", _("Members together")
    COMMITTEE = "committee", _("The outgoing committee")
    SELF = "self", _("Themselves")


class PetitionKind(models.TextChoices):
    """What members petition for."""

    MEETING = "meeting", _("A special meeting of the members")
    RECALL = "recall", _("A recall")


class PetitionState(models.TextChoices):
    """Where a petition stands."""

    COLLECTING = "collecting", _("Collecting")
    REACHED = "reached", _("Enough members have signed")
    CALLED = "called", _("Meeting called")
    HELD = "held", _("Meeting held")
    CONFIRMED = "confirmed", pgettext_lazy("petition", "Confirmed")
    EXPIRED = "expired", pgettext_lazy("petition", "Expired")
