"""States of standing, kinds of employment (handbook C02), and the words of the import (S11) and the export (P10)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.denylist import DeniedClass


class Standing(models.TextChoices):
    """States of a membership."""

    APPLIED = "applied", _("Applied")
    ACTIVE = "active", _("Active")
    TRANSFERRING = "transferring", _("In transfer")
    RETAINED = "retained", _("Retained")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")
    LAPSED = "lapsed", _("Lapsed")
    EXPELLED = "expelled", _("Expelled")
    DECEASED = "deceased", _("Deceased")


#: States in which a member takes part: who is in transfer keeps every right in the releasing unit.
HOLDING = (Standing.ACTIVE, Standing.TRANSFERRING)
#: States with which standing ends.
ENDED = (Standing.LEFT, Standing.LAPSED, Standing.EXPELLED, Standing.DECEASED)


class RulingKind(models.TextChoices):
    """What a body or a unit may decide about a standing; leaving is no ruling, it is the worker's alone."""

    SUSPEND = "suspend", _("Suspension")
    LIFT = "lift", _("End of a suspension")
    EXPEL = "expel", _("Expulsion")
    LAPSE = "lapse", _("Lapse")
    DECEASED = "deceased", _("Death")


class RulingState(models.TextChoices):
    """Where such a ruling stands: a second person confirms it, an appeal may overturn it."""

    PROPOSED = "proposed", _("Waiting for the second person")
    IN_FORCE = "in_force", pgettext_lazy("ruling", "In force")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVERTURNED = "overturned", _("Overturned on appeal")


class Confirmation(models.TextChoices):
    """How a worker confirmed what an officer entered for them (handbook S6)."""

    OWN = "own", _("Entered by the worker")
    CODE = "code", _("By code")
    SIGNATURE = "signature", _("By signature on paper")
    CALL = "call", _("By telephone call")


class Employment(models.TextChoices):
    """Kinds of employment."""

    DIRECT = "direct", _("Direct employment")
    AGENCY = "agency", _("Agency (dispatched) work")
    PLATFORM = "platform", _("Platform work")
    FREELANCE = "freelance", _("Freelance or self-employed")


class Field(models.TextChoices):
    """What a column of an imported table may hold; there are no others (handbook P2)."""

    NAME = "name", _("Name")
    EMPLOYMENT = "employment", _("Kind of employment")
    SINCE = "since", _("Member since")
    UNTIL = "until", _("Member until")
    UNIT = "unit", _("Unit label")
    EMPLOYER = "employer", _("Employer")
    CONSENT = "consent", _("Consent to membership")
    MOBILE = "mobile", _("Mobile number")
    MAIL = "mail", _("E-mail address")
    IDENTITY = "identity", _("Identity number")


class BatchState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Uploaded")
    MATCHED = "matched", _("Columns matched")
    WAITING = "waiting", _("Waiting for the second person")
    CONFIRMED = "confirmed", _("Confirmed")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


class Verdict(models.TextChoices):
    """What becomes of one row of an import."""

    RAW = "raw", _("Not read yet")
    READY = "ready", _("Ready")
    HELD = "held", _("Held")
    DUPLICATE = "duplicate", _("Perhaps a duplicate")
    FAULT = "fault", _("Faulty")


class ChunkKind(models.TextChoices):
    """What a sealed chunk of staging holds."""

    CELLS = "cells", _("Cells")
    CONTACTS = "contacts", _("Contacts")


class HoldReason(models.TextChoices):
    """Why an imported person has no standing yet, or stands in the hub for now."""

    CONSENT = "consent", _("No consent on record")
    EMPLOYER = "employer", _("Employer not known")
    TWIN = "twin", _("Perhaps in the register already")


class HoldState(models.TextChoices):
    """Where a hold stands."""

    OPEN = "open", _("Open")
    ADMITTED = "admitted", _("Admitted")
    PLACED = "placed", _("Employer named")
    MERGED = "merged", _("Merged")
    ERASED = "erased", _("Erased")


class TwinState(models.TextChoices):
    """Where a pair of records that may be one person stands."""

    OPEN = "open", _("Open")
    PROPOSED = "proposed", _("Waiting for the second person")
    MERGED = "merged", _("Merged")
    DIFFERENT = "different", _("Different persons")
    UNDONE = "undone", _("Merge undone")


class Sign(models.TextChoices):
    """What two records have in common, or not; the weights stand in rules/twins.py."""

    IDENTITY = "identity", _("Identity number")
    MOBILE = "mobile", _("Mobile number")
    MAIL = "mail", _("E-mail address")
    NAME = "name", _("Name")
    UNIT = "unit", _("Unit")
    EMPLOYER = "employer", _("Employer")
    SINCE = "since", _("Member since")


class ExportState(models.TextChoices):
    """Where a request for an export stands."""

    ASKED = "asked", _("Waiting for the second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    RECALLED = "recalled", _("Recalled")


#: The classes of the deny-list as a person reads them.
DENIED_LABELS: Mapping[DeniedClass, str | Promise] = {
    DeniedClass.ETHNICITY: _("Ethnicity"),
    DeniedClass.RELIGION: _("Religion"),
    DeniedClass.PARTY: _("Party membership"),
    DeniedClass.OPINION: _("Opinion or ideology"),
    DeniedClass.SECURITY: _("Security or stability mark"),
    DeniedClass.TRACES: _("Traces and images"),
}
#: Kinds of columns that other parts may need but the register does not (handbook P2b): dropped like denied ones.
NOT_NEEDED_LABELS: Mapping[str, str | Promise] = {
    "address": _("Address"),
    "bank": _("Bank account"),
    "body": _("Sex, age, health or household"),
}
