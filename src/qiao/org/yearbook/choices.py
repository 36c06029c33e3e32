"""Axes of the yearly table, inputs of need-based allocation (handbook C01, C24)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TableAxis(models.TextChoices):
    """By what a table has its rows."""

    PLACE = "place", _("By place")
    SECTOR = "sector", _("By sector")


class InputKind(models.TextChoices):
    """What is entered for a unit, because nothing on the platform counts it. No other kind can be entered."""

    REMOTENESS = "remoteness", _("Way to the district's office, in minutes")
    PER_MEMBER = "per_member", _("Budget per member and year, in yuan")
    AID_FILES = "aid_files", _("Aid files per 1,000 members")
    BUDGET = "budget", _("Budget of the year, in yuan")
    AT_BASE = "at_base", _("Of it spent at the base, in yuan")
    SHOWS = "shows", _("Of it spent on shows and festivities, in yuan")
    RIGHTS_AID = "rights_aid", _("Of it spent on rights and aid, in yuan")


class InputState(models.TextChoices):
    """Where an input stands."""

    STANDING = "standing", _("Stands")
    CONTESTED = "contested", _("Contested")
    REPLACED = "replaced", _("Replaced")


class Verdict(models.TextChoices):
    """What an assurer of the register found."""

    ADEQUATE = "adequate", _("Its system of keeping members is satisfactory")
    NOT_ADEQUATE = "not_adequate", _("Its system of keeping members is not satisfactory")
    OBSTRUCTED = "obstructed", _("The assurer was not given what the check needs")


#: Inputs that a share needs together.
MONEY = (InputKind.BUDGET, InputKind.AT_BASE)
#: Inputs that the indicator of show-only work needs together (handbook C26).
SHOW = (InputKind.SHOWS, InputKind.RIGHTS_AID)
