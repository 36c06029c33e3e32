"""States and rules of ballots (handbook C08)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BallotState(models.TextChoices):
    """Where a ballot stands. Its rules are fixed from the first state on."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    COUNTED = "counted", _("Counted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Rule(models.TextChoices):
    """How votes become a list of projects."""

    EQUAL_SHARES = "equal-shares", _("Equal shares")


class TieRule(models.TextChoices):
    """What decides between projects that stand equal."""

    LIST_ORDER = "list-order", _("Of equal projects the one higher on the ballot paper is bought")
