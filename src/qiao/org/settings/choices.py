"""What a setting's value may be, and who sets it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a value is: how it is typed, checked and shown."""

    HOURS = "hours", _("Hours")
    DAYS = "days", _("Days")
    WORKING_DAYS = "working_days", _("Working days")
    MONTHS = "months", _("Months")
    YEARS = "years", _("Years")
    SHARE = "share", _("Share")
    COUNT = "count", _("Whole number")
    CHOICE = "choice", _("Choice")
    SWITCH = "switch", _("On or off")
    TEXT = "text", _("Words")
    CALENDAR = "calendar", _("Calendar")


class Setter(models.TextChoices):
    """Whose officers set a value for a unit. No unit sets what binds it in the eyes of others."""

    UNIT = "unit", _("The unit itself, or a unit above it")
    ABOVE = "above", _("A unit above")
    FEDERATION = "federation", _("The federation, for all")


class Stricter(models.TextChoices):
    """Which way a unit below may depart from what holds above it."""

    HIGHER = "higher", _("Below, only higher")
    LOWER = "lower", _("Below, only lower")
