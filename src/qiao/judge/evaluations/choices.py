"""States of an evaluation and the figures it yields (handbook C22)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an evaluation stands. What is published stays published: the union's response comes after, not before."""

    TERMS = "terms", _("Terms fixed")
    KEYED = "keyed", _("Key registered")
    OPEN = "open", _("Open for judging")
    SEALED = "sealed", _("Closed and sealed")
    PUBLISHED = "published", _("Results published")
    RESPONDED = "responded", _("Union has responded")
    RECHECKED = "rechecked", _("Rechecked, not all mended")
    ENDED = "ended", _("Rechecked and closed")
    VOID = "void", _("Void")


class Indicator(models.TextChoices):
    """The figures of an evaluation, the same for every unit: none can be added or dropped locally."""

    UNPROMPTED = "unprompted", _("Awareness, unprompted")
    AWARENESS = "awareness", _("Awareness")
    PARTICIPATION = "participation", _("Participation")
    SATISFACTION = "satisfaction", _("Satisfaction among users")
    TOP_BOX = "top_box", _("Of these fully satisfied")
    SOLVED = "solved", _("Need solved")
    COMPOSITE = "composite", _("Composite")


class Mode(models.TextChoices):
    """How somebody answered: on a device of their own, or through somebody of the evaluator's."""

    DEVICE = "device", _("on a device of their own")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")


class Outcome(models.TextChoices):
    """What the recheck found of a promise."""

    KEPT = "kept", pgettext_lazy("promise", "Kept")
    PARTLY = "partly", pgettext_lazy("promise", "Kept in part")
    NOT_KEPT = "not_kept", pgettext_lazy("promise", "Not kept")


#: The result is out.
OUT_STATES = (State.PUBLISHED, State.RESPONDED, State.RECHECKED, State.ENDED)
