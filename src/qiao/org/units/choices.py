"""Kinds and states of units (handbook 1.1, C01)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is."""

    FEDERATION = "federation", _("Federation")
    DISTRICT = "district", _("District federation")
    INDUSTRY = "industry", _("Industry union")
    SECTOR = "sector", _("Sector union")
    HUB = "hub_unit", _("Hub union")
    BASE_FEDERATION = "base_federation", _("Base federation")
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
    MERGING = "merging", _("Merging")
    DISSOLVING = "dissolving", _("Dissolving")
    CLOSED = "closed", _("Closed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Not in the tree: a proposal that is not approved, or never was.
UNBORN = (UnitState.PROPOSED, UnitState.PREPARING, UnitState.REFUSED, UnitState.WITHDRAWN)
#: In the tree of today.
LIVING = (
    UnitState.APPROVED,
    UnitState.ACTIVE,
    UnitState.TERM_DUE,
    UnitState.OVERDUE,
    UnitState.MERGING,
    UnitState.DISSOLVING,
)
#: With an elected committee, whatever the clock of its term says: what "active unions" counts.
WORKING = (UnitState.ACTIVE, UnitState.TERM_DUE, UnitState.OVERDUE)


class Axis(models.TextChoices):
    """The two axes of the tree. Rights follow the place axis."""

    PLACE = "place", _("Place")
    SECTOR = "sector", _("Sector")


class Relation(models.TextChoices):
    """What a link says: exactly one leading place parent at each date; any number of guiding links."""

    LEADS = "leads", _("Leads")
    GUIDES = "guides", _("Guides")


class Proposer(models.TextChoices):
    """Who proposes a unit."""

    WORKERS = "workers", _("A group of workers")
    BASE = "base", _("A base union")
    HUB = "hub", _("A hub union")
    OFFICE = "office", _("An organisation office")


class LeadForm(models.TextChoices):
    """What leads the unit: below the number of members for a committee there is a choice (TUL 11)."""

    COMMITTEE = "committee", _("A committee of its own")
    JOINT = "joint", _("A joint committee with other employers")
    ORGANISER = "organiser", _("One elected organiser")


class Ending(models.TextChoices):
    """Why a unit ends: nothing else ends one."""

    EMPLOYER_ENDED = "employer_ended", _("The employer has ended")
    MERGER = "merger", _("Merger with another unit")


class ClosingState(models.TextChoices):
    """Where the end of a unit stands."""

    ASKED = "asked", _("Waits for the unit above")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    DONE = "done", _("Carried out")


class BatchState(models.TextChoices):
    """Where an import of units stands."""

    MATCHING = "matching", _("Columns to be matched")
    STAGED = "staged", _("To be confirmed by a second person")
    CONFIRMED = "confirmed", _("Taken into the tree")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")
