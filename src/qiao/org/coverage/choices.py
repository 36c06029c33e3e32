"""Axes of the coverage tables, states of outreach and of targets (handbook C03)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Axis(models.TextChoices):
    """What a row of a coverage table is cut by."""

    ALL = "all", _("The whole unit")
    SECTOR = "sector", _("Sector")
    OWNERSHIP = "ownership", _("Ownership")
    EMPLOYMENT = "employment", _("Kind of employment")


class DayKind(models.TextChoices):
    """Why the numbers of a day are kept."""

    NIGHTLY = "nightly", _("Computed in the night")
    YEAR_END = "year_end", _("End of a year")


class CampaignState(models.TextChoices):
    """Where a campaign stands."""

    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")


class LeadState(models.TextChoices):
    """How far the outreach to one employer has come."""

    LISTED = "listed", pgettext_lazy("outreach", "Listed")
    CONTACTED = "contacted", pgettext_lazy("outreach", "Contacted")
    PREPARING = "preparing", pgettext_lazy("outreach", "Preparing")
    FORMED = "formed", pgettext_lazy("outreach", "Union formed")
    DECLINED = "declined", pgettext_lazy("outreach", "Declined")
    PAUSED = "paused", pgettext_lazy("outreach", "Paused")


class DeclineReason(models.TextChoices):
    """Why nothing came of it, as a code: never what somebody thinks."""

    NO_ANSWER = "no_answer", _("Nobody answers")
    NO_INTEREST = "no_interest", _("Workers see no use in it at present")
    MANAGEMENT = "management", _("The management obstructs it")
    TOO_FEW = "too_few", _("Too few workers: a joint base union is nearer")
    CLOSING = "closing", _("The employer closes or moves away")
    ELSEWHERE = "elsewhere", _("Has a union elsewhere already")
    OTHER = "other", _("Another reason, see the log")


class Channel(models.TextChoices):
    """How a contact was made."""

    VISIT = "visit", pgettext_lazy("contact", "Visit")
    PHONE = "phone", pgettext_lazy("contact", "Telephone")
    LETTER = "letter", pgettext_lazy("contact", "Letter")
    MEETING = "meeting", pgettext_lazy("contact", "Information meeting")
    POSTER = "poster", pgettext_lazy("contact", "Posters put up")


class Measure(models.TextChoices):
    """What a target counts. There is none on persons."""

    RATE_FORMED = "rate_formed", _("Union-forming rate")
    RATE_JOINED_IN = "rate_joined_in", _("Membership rate in unionised units")
    RATE_JOINED_ALL = "rate_joined_all", _("Membership rate of all employees")
    EFFECTIVE = "effective", _("Effective coverage")


class TargetState(models.TextChoices):
    """Where one version of a target stands with the unit it is for."""

    ASKED = "asked", pgettext_lazy("target", "Consent asked")
    CONSENTED = "consented", pgettext_lazy("target", "Consented")
    DECLINED = "declined", pgettext_lazy("target", "Declined")
    APPLIED = "applied", pgettext_lazy("target", "In force")
    REPLACED = "replaced", pgettext_lazy("target", "Replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("target", "Withdrawn")
