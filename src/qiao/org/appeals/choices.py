"""States of an appeal (mechanism S5)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppealState(models.TextChoices):
    """Where an appeal stands."""

    FILED = "filed", _("Filed")
    UNDER_REVIEW = "under_review", _("Under review")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    WITHDRAWN = "withdrawn", _("Taken back")


OPEN = (AppealState.FILED, AppealState.UNDER_REVIEW)


class Try(models.IntegerChoices):
    """The first try is decided by another person, the second by another unit."""

    FIRST = 1, _("First appeal")
    SECOND = 2, _("Second appeal")
