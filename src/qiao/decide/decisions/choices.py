"""What becomes of a proposal in a decision."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fate(models.TextChoices):
    """Adopted, or not taken up with a reason."""

    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Not taken up")
