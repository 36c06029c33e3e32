"""States and levels of an allocation sheet (handbook C24)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a sheet stands: computed by one, decided by another, closed by a third."""

    DRAFT = "draft", _("Draft")
    COMPUTED = "computed", _("Computed")
    PUBLISHED = "published", _("Published")
    CONSULTED = "consulted", _("Members were asked")
    DECIDED = "decided", _("Decided")
    PAID = "paid", _("Paid")
    COMPARED = "compared", _("Compared")
    AUDITED = "audited", _("Audited and closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Level(models.TextChoices):
    """Units compared with one another: only those of one level."""

    DISTRICT = "district", _("Districts and sectors")
    HUB = "hub", _("Hub unions")
    BASE = "base", _("Base unions")


#: States in which everybody may read a sheet.
PUBLIC_STATES = (State.PUBLISHED, State.CONSULTED, State.DECIDED, State.PAID, State.COMPARED, State.AUDITED)
#: States in which a sheet may be computed anew: a wrong input is found, the sheet is computed and published again.
OPEN_STATES = (State.DRAFT, State.COMPUTED, State.PUBLISHED, State.CONSULTED)
