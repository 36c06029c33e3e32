"""Kinds and states of needs (handbook C06)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    """Where a need comes from."""

    COMMON = "common", _("Common need")
    GROUP = "group", _("Need of a group")
    FINDING = "finding", _("Finding of an evaluation")


class NeedState(models.TextChoices):
    """Where a need stands. Answered: the union will not act on it, and says why."""

    DRAFTED = "drafted", _("Drafted")
    CHECKED = "checked", _("Checked")
    PUBLISHED = "published", _("Published")
    ANSWERED = "answered", _("Answered: it will not be done")
