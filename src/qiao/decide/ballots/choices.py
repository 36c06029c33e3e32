"""States and rules of ballots (handbook C08)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BallotState(models.TextChoices):
    """Where a ballot stands. Its rules are fixed from the first state on."""

    PLANNED = "planned", pgettext_lazy("ballot", "Planned")
    OPEN = "open", pgettext_lazy("ballot", "Open")
    CLOSED = "closed", pgettext_lazy("ballot", "Closed")
    COUNTED = "counted", pgettext_lazy("ballot", "Counted")
    WITHDRAWN = "withdrawn", pgettext_lazy("ballot", "Withdrawn")


class Rule(models.TextChoices):
    """How votes become a list of projects."""

    EQUAL_SHARES = "equal-shares", _("Equal shares")


class TieRule(models.TextChoices):
    """What decides between projects that stand equal."""

    LIST_ORDER = "list-order", _("Of equal projects the one higher on the ballot paper is bought")


class Leftover(models.TextChoices):
    """What becomes of money that no group of supporters can pay a further project with."""

    KEEP = "keep", _("It is not spent")
    MOST_VOTES = "most-votes", _("It buys, of the projects that still fit, the one with the most votes, and so on")
