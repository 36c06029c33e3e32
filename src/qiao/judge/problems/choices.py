"""What a problem is, where it stands, who speaks on it (handbook C26)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a problem stands: mended by one, checked again by those who raised it, closed by a third."""

    RAISED = "raised", _("Raised")
    ACCEPTED = "accepted", _("Accepted as a problem")
    DECLINED = "declined", _("Not taken on")
    OWNED = "owned", _("Somebody answers for it")
    RUNNING = "running", _("Being mended")
    CLAIMED = "claimed", _("Said to be mended")
    RECHECKED = "rechecked", _("Checked again: mended")
    CLOSED = "closed", _("Closed, mended")
    REOPENED = "reopened", _("Open again")


class Source(models.TextChoices):
    """What brought a problem to light."""

    MEMBERS = "members", _("Raised by workers")
    EVALUATION = "evaluation", _("Third-party evaluation")
    RATING = "rating", _("Rating of the union by its members")
    REQUESTS = "requests", _("Requests at the windows")
    AUDIT = "audit", _("Audit")
    CONSULTATION = "consultation", _("Consultation")
    OWN = "own", _("Found by the union itself")


class Tendency(models.TextChoices):
    """The four tendencies of union work, and what else goes wrong."""

    OFFICE_BOUND = "office_bound", _("Office-bound: not seen at the base")
    COMMAND = "command", _("Command-style: orders and forms")
    ELITE = "elite", _("Elite-only: seats for managers")
    SHOW = "show", _("Show-only: events instead of rights and help")
    SERVICE = "service", _("A service that does not help")
    RIGHTS = "rights", _("Rights of workers not stood up for")
    MONEY = "money", _("Use of union money")
    OTHER = "other", _("Something else")


class VoiceKind(models.TextChoices):
    """Why somebody is asked whether it is mended."""

    RAISER = "raiser", _("raised it")
    DRAWN = "drawn", _("drawn by chance from those it concerns")


class Say(models.TextChoices):
    """Whether a problem is mended, by those who raised it or a third party."""

    MENDED = "mended", _("Mended")
    PARTLY = "partly", _("Partly mended")
    NOT_MENDED = "not_mended", _("Not mended")


#: States in which everybody may read a problem.
PUBLIC_STATES = (
    State.ACCEPTED, State.OWNED, State.RUNNING, State.CLAIMED, State.RECHECKED, State.CLOSED, State.REOPENED,
)  # fmt: skip
#: States that wait for somebody.
OPEN_STATES = (
    State.RAISED, State.ACCEPTED, State.OWNED, State.RUNNING, State.CLAIMED, State.RECHECKED, State.REOPENED,
)  # fmt: skip
#: States in which the remedy is the owner's to plan or to run.
OWNERS_STATES = (State.OWNED, State.RUNNING, State.REOPENED)
ENDED_STATES = (State.CLOSED, State.DECLINED)
#: Sources only an office may name; nobody declines what outsiders or members have found.
OFFICE_SOURCES = (Source.AUDIT, Source.CONSULTATION, Source.OWN)
