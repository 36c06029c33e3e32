"""Why records are held back from erasure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.TextChoices):
    """Grounds of a hold."""

    CASE = "case", _("An open case")
    COURT = "court", _("A court or arbitration")
    AUDIT = "audit", _("An audit")
    REQUEST = "request", _("The wish of the person concerned")
