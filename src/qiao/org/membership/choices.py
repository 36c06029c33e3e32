"""States of standing and kinds of employment (handbook C02)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """States of a membership."""

    APPLIED = "applied", _("Applied")
    ACTIVE = "active", _("Active")
    TRANSFERRING = "transferring", _("In transfer")
    RETAINED = "retained", _("Retained")
    LEFT = "left", _("Left")


class Employment(models.TextChoices):
    """Kinds of employment."""

    DIRECT = "direct", _("Direct employment")
    AGENCY = "agency", _("Agency (dispatched) work")
    PLATFORM = "platform", _("Platform work")
    FREELANCE = "freelance", _("Freelance or self-employed")
