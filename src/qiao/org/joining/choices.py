"""States of an application to join, and what a worker chooses in it (handbook C02)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an application stands. It starts only from the worker, or waits until the worker has confirmed it."""

    UNCONFIRMED = "unconfirmed", _("Waiting for the worker's confirmation")
    APPLIED = "applied", pgettext_lazy("application", "Handed in")
    UNDER_REVIEW = "under_review", _("Being looked at")
    RETURNED = "returned", _("Waiting for the worker's answer")
    ACTIVE = "active", _("Member")
    REFUSED = "refused", pgettext_lazy("application", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")


#: States in which an officer owes a decision.
OPEN = (State.APPLIED, State.UNDER_REVIEW)


class ContactKind(models.TextChoices):
    """How the worker wants to be reached."""

    NONE = "", _("By the receipt number only")
    MOBILE = "mobile", _("Mobile number")
    MAIL = "mail", _("E-mail address")


class AgencySide(models.TextChoices):
    """Where an agency worker joins; the choice is the worker's (LCL 64)."""

    NONE = "", "–"
    AGENCY = "agency", _("At the agency that sends me")
    USER = "user", _("At the company I work in")


class Identity(models.TextChoices):
    """How who the worker is was checked."""

    OPEN = "open", _("Not checked yet")
    NUMBER = "number", _("By the number in the register")
    PAPER = "paper", _("By a paper shown")
    KNOWN = "known", _("Known to the unit in person")
    DIFFERS = "differs", _("Does not fit")


class Why(models.TextChoices):
    """Why a unit is proposed; told to the worker in a sentence."""

    WORKPLACE = "workplace", _("the union at your workplace")
    NO_UNION = "no_union", _("your workplace has no union yet; the hub takes you in until there is one")
    UNKNOWN = "unknown", _("we do not know your employer yet; the hub takes you in and finds out")
    DIRECT = "direct", _("without an employer you join the hub of your place directly")
    BYPASS = "bypass", _("you asked not to go through your workplace union")
    UPPER = "upper", _("your place has no hub yet; the union above takes you in")
