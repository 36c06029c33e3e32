"""Kinds and states of units (handbook 1.1, C01)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is."""

    FEDERATION = "federation", _("Federation")
    DISTRICT = "district", _("District federation")
    SECTOR = "sector", _("Sector union")
    HUB = "hub_unit", _("Hub union")
    BASE = "base", _("Base union")
    JOINT_BASE = "joint_base", _("Joint base union")


class UnitState(models.TextChoices):
    """Where a unit stands in its life."""

    PROPOSED = "proposed", _("Proposed")
    PREPARING = "preparing", _("Preparing")
    APPROVED = "approved", _("Approved")
    ACTIVE = "active", _("Active")
    TERM_DUE = "term_due", _("Election due")
    OVERDUE = "overdue", _("Election overdue")
    CLOSED = "closed", _("Closed")


class Axis(models.TextChoices):
    """The two axes of the tree. Rights follow the place axis."""

    PLACE = "place", _("Place")
    SECTOR = "sector", _("Sector")


class Relation(models.TextChoices):
    """What a link says: exactly one leading place parent at each date; any number of guiding links."""

    LEADS = "leads", _("Leads")
    GUIDES = "guides", _("Guides")
