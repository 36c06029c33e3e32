"""States of articles, topics, and what a calculator may be told (handbook C05)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(models.TextChoices):
    """What an article or a service is about: the topics of the window."""

    PAY = "pay", _("Pay")
    INSURANCE = "insurance", _("Insurance")
    CONTRACT = "contract", _("Contract and dismissal")
    HOURS = "hours", _("Hours and leave")
    SAFETY = "safety", _("Safety and injury")
    MEMBERSHIP = "membership", _("Membership")
    AID = "aid", _("Aid")
    SERVICE = "service", _("The union and its services")
    OTHER = "other", pgettext_lazy("topic", "Something else")


class VersionState(models.TextChoices):
    """Where a version of an article stands."""

    DRAFTED = "drafted", pgettext_lazy("article", "Being written")
    CHECKED = "checked", pgettext_lazy("article", "Checked by another person")
    PUBLISHED = "published", pgettext_lazy("article", "Published")
    REPLACED = "replaced", pgettext_lazy("article", "Replaced by a newer version")
    EXPIRED = "expired", pgettext_lazy("article", "No longer in force")
    WITHDRAWN = "withdrawn", pgettext_lazy("article", "Taken back")


#: A version that may still become what everybody reads.
COMING = (VersionState.DRAFTED, VersionState.CHECKED)


class HoursSystem(models.TextChoices):
    """Which system of working hours the contract is under (Labour Law 36, 39; Ministry rule of 1994)."""

    STANDARD = "standard", _("Standard: eight hours a day, forty a week")
    COMPREHENSIVE = "comprehensive", _("Comprehensive: hours counted over a longer period")
    FLEXIBLE = "flexible", _("Flexible: no fixed hours")


class Ending(models.TextChoices):
    """How the work ends, as far as money depends on it."""

    SEVERANCE = "n", _("Severance pay: N months")
    NOTICE = "n1", _("Dismissed without 30 days' notice: N + 1")
    UNLAWFUL = "2n", _("Unlawful dismissal: 2N")
