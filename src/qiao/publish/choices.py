"""Kinds and states of what is published (handbook C25)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an article is."""

    NEWS = "news", _("News")
    NOTICE = "notice", _("Public notice")
    RESULT = "result", _("Result")
    ANNOUNCEMENT = "announcement", _("Announcement")


class State(models.TextChoices):
    """Where an article stands. A release for later is published with a date to come: no job has to wake for it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaits release")
    PUBLISHED = "published", _("Published")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Kinds an editor may choose; announcements come with an act of the loop.
WRITTEN = (Kind.NEWS, Kind.NOTICE, Kind.RESULT)
