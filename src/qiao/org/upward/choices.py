"""Kinds, states, matters and outcomes of papers upward (handbook C10)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperKind(models.TextChoices):
    """A request puts one question and needs an answer; a report puts none."""

    REQUEST = "request", _("Request for instructions")
    REPORT = "report", pgettext_lazy("paper", "Report")


class PaperState(models.TextChoices):
    """Where a paper stands. Deemed: the clock ran out where silence means consent. Escalated: where it does not."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    RECEIVED = "received", _("Received")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Sent back")
    ESCALATED = "escalated", _("With the next unit above")
    ANSWERED = "answered", pgettext_lazy("paper", "Answered")
    DEEMED = "deemed", _("Agreed by silence")
    READ = "read", _("Read")
    CLOSED = "closed", pgettext_lazy("paper", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("paper", "Withdrawn")


#: States in which the clock runs for the side above.
WAITING = (PaperState.ISSUED, PaperState.RECEIVED, PaperState.IN_REVIEW, PaperState.ESCALATED)


class Matter(models.TextChoices):
    """What a paper is about: one matter each. The rule of silence goes by it."""

    MOVE_CHAIR = "move_chair", _("Moving or dismissing a chair")
    UNIT = "unit", _("Founding, merging or closing a unit")
    ELECTION = "election", _("Election or term")
    MONEY = "money", _("Funds and budget")
    RIGHTS = "rights", _("Rights and disputes of workers")
    SERVICE = "service", _("Services and activities")
    UNREGISTERED = "unregistered", _("A form or report asked without standing in the register")
    OTHER = "other", _("Another matter")


class Outcome(models.TextChoices):
    """The written answer to a request."""

    AGREED = "agreed", _("Agreed")
    CONDITIONS = "conditions", _("Agreed with conditions")
    REFUSED = "refused", _("Not agreed")


class Addressee(models.TextChoices):
    """To whom a paper goes; there is nobody else it may go to."""

    UPPER = "upper", _("The unit above")
    COMMITTEE = "committee", _("Our own elected committee")
    CONGRESS = "congress", _("Our own congress")
