"""What somebody of an evaluator's organisation does there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """A lead runs evaluations, holds keys, seats others; an interviewer asks and types in, and nothing else."""

    LEAD = "lead", _("Runs evaluations")
    INTERVIEWER = "interviewer", _("Asks and types in")
