"""Kinds and states of needs, topics, digests and candidates (handbook C06)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedKind(models.TextChoices):
    """Where a need comes from."""

    COMMON = "common", _("Common need")
    GROUP = "group", _("Need of a group")
    TOPIC = "topic", _("Need from free words")
    FINDING = "finding", _("Finding of an evaluation")


class NeedState(models.TextChoices):
    """Where a need stands. Taken up: something is done about it. Answered: the union will not act, and says why."""

    DRAFTED = "drafted", _("Drafted")
    CHECKED = "checked", _("Checked")
    PUBLISHED = "published", _("Published")
    TAKEN_UP = "taken_up", _("Taken up")
    ANSWERED = "answered", _("Answered: it will not be done")


class SetState(models.TextChoices):
    """Where a set of topics stands."""

    WAITING = "waiting", _("Being worked out")
    READY = "ready", _("Worked out")
    FAILED = "failed", _("Without topics")


class TopicState(models.TextChoices):
    """What an analyst made of a topic."""

    OPEN = "open", pgettext_lazy("topic", "In the list")
    MERGED = "merged", pgettext_lazy("topic", "Merged into another")
    SPLIT = "split", pgettext_lazy("topic", "Split into others")
    ASIDE = "aside", pgettext_lazy("topic", "Set aside")


class StepKind(models.TextChoices):
    """What was done to topics."""

    RENAME = "rename", pgettext_lazy("topic", "Renamed")
    MERGE = "merge", pgettext_lazy("topic", "Merged")
    SPLIT = "split", pgettext_lazy("topic", "Split")
    ASIDE = "aside", pgettext_lazy("topic", "Set aside")
    BACK = "back", pgettext_lazy("topic", "Taken back into the list")
    QUOTE = "quote", pgettext_lazy("topic", "Quote approved")
    UNQUOTE = "unquote", pgettext_lazy("topic", "Quote withdrawn")
    UNDO = "undo", pgettext_lazy("topic", "Undone")


class DigestState(models.TextChoices):
    """Where a digest stands."""

    DRAFTED = "drafted", _("Drafted")
    CHECKED = "checked", _("Checked")
    PUBLISHED = "published", _("Published")


class Period(models.TextChoices):
    """How often a digest is made."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    HALF = "half", _("Every half year")
    YEAR = "year", _("Every year")


class SheetState(models.TextChoices):
    """Where a scoring sheet stands."""

    DRAFTED = "drafted", _("Drafted")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")


class Origin(models.TextChoices):
    """Who asked for a candidate."""

    MEMBERS = "members", _("Members: published needs")
    LAW = "law", _("A law or rule")
    UPPER = "upper", _("A unit above")


class CandidateState(models.TextChoices):
    """Where a candidate for a task stands."""

    RAISED = "raised", pgettext_lazy("candidate", "Raised")
    SCORED = "scored", pgettext_lazy("candidate", "Scored")
    CONSULTED = "consulted", pgettext_lazy("candidate", "Discussed with users")
    ADOPTED = "adopted", pgettext_lazy("candidate", "Adopted")
    REJECTED = "rejected", pgettext_lazy("candidate", "Not adopted")


class Say(models.TextChoices):
    """What somebody of the user panel says to a candidate."""

    FOR = "for", pgettext_lazy("panel", "Would help")
    PARTLY = "partly", pgettext_lazy("panel", "Would help a little")
    AGAINST = "against", pgettext_lazy("panel", "Would not help")
