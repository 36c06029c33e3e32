"""States, grades and reasons of the members' rating of their union (handbook C23)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a rating stands. COUNTED and VALID are passed within the count; the history keeps them."""

    CALLED = "called", pgettext_lazy("rating", "Called")
    ROLL_FROZEN = "roll_frozen", pgettext_lazy("rating", "Roll frozen")
    ROLL_CONTESTED = "roll_contested", pgettext_lazy("rating", "Roll contested")
    OPEN = "open", pgettext_lazy("rating", "Open")
    CLOSED = "closed", pgettext_lazy("rating", "Closed")
    COUNTED = "counted", pgettext_lazy("rating", "Counted")
    VALID = "valid", pgettext_lazy("rating", "Valid")
    PUBLISHED = "published", pgettext_lazy("rating", "Published")
    REMEDY_PLAN = "remedy_plan", pgettext_lazy("rating", "Remedy plan")
    RECHECKED = "rechecked", pgettext_lazy("rating", "Rechecked")
    DONE = "done", pgettext_lazy("rating", "Ended")
    VOID = "void", pgettext_lazy("rating", "Void")


#: States in which a result stands.
RESULT_STATES = (State.PUBLISHED, State.REMEDY_PLAN, State.RECHECKED, State.DONE)
#: States before the opening.
BEFORE_OPENING = (State.CALLED, State.ROLL_FROZEN, State.ROLL_CONTESTED)


class Origin(models.TextChoices):
    """Who wanted the rating."""

    UPPER = "upper", _("The union above")
    PETITION = "petition", _("A third of the members")
    RERUN = "rerun", _("Run again after a void rating")


class VoidReason(models.TextChoices):
    """Why a rating counts for nothing."""

    TURNOUT = "turnout", _("Too few members voted")
    FRONTLINE = "frontline", _("Too few front-line members among those who voted")
    INCIDENT = "incident", _("Ballots were opened or a count was seen before the count")
    MISMATCH = "mismatch", _("Box and roll do not agree")


class Grade(models.TextChoices):
    """How a member grades one point."""

    SATISFIED = "satisfied", pgettext_lazy("grade", "Satisfied")
    FAIRLY = "fairly", pgettext_lazy("grade", "Fairly satisfied")
    NOT = "not", pgettext_lazy("grade", "Not satisfied")
    CANNOT_SAY = "cannot_say", pgettext_lazy("grade", "Cannot say")


class Channel(models.TextChoices):
    """How a vote came in."""

    ONLINE = "online", pgettext_lazy("ballot", "Online")
    PAPER = "paper", pgettext_lazy("ballot", "On paper")


class ObjectionKind(models.TextChoices):
    """What somebody objects to in the roll."""

    MISSING = "missing", _("A member is missing")
    WRONG = "wrong", _("Somebody stands on it who is no member")


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    FILED = "filed", pgettext_lazy("objection", "Filed")
    UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
    DISMISSED = "dismissed", pgettext_lazy("objection", "Dismissed")


class PetitionState(models.TextChoices):
    """Where a petition for a rating stands."""

    COLLECTING = "collecting", pgettext_lazy("petition", "Collecting")
    REACHED = "reached", pgettext_lazy("petition", "Reached")
    LAPSED = "lapsed", pgettext_lazy("petition", "Lapsed")


class Verdict(models.TextChoices):
    """What the recheck finds of one remedy."""

    KEPT = "kept", pgettext_lazy("remedy", "Kept")
    NOT_KEPT = "not_kept", pgettext_lazy("remedy", "Not kept")


class Rechecker(models.TextChoices):
    """Who rechecks."""

    UPPER = "upper", _("The union above")
    MEMBERS = "members", _("Members, by a later rating")
