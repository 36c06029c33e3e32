"""States and kinds of survey rounds (handbook C04)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoundState(models.TextChoices):
    """Where a round stands. A round with too few answers ends as failed, with its number of answers."""

    PLANNED = "planned", _("Round planned")
    SAMPLED = "sampled", _("Sample drawn")
    FIELDING = "fielding", pgettext_lazy("survey round", "Open for answers")
    CLOSED = "closed", _("Round closed")
    PUBLISHED = "published", _("Results published")
    FAILED = "failed", _("Published as failed")


class Asked(models.TextChoices):
    """Who is asked."""

    CENSUS = "census", _("Every member of the unit")
    SAMPLE = "sample", _("A random sample of the members")
    VOLUNTEERS = "volunteers", _("Whoever wants to answer (volunteers, not representative)")


class StratumBy(models.TextChoices):
    """What the strata of the sample are."""

    DISTRICT = "district", _("The units directly below")
    EMPLOYMENT = "employment", _("The kind of employment")
