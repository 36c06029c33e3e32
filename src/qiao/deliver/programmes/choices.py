"""States of projects and deadline changes, kinds of evidence (handbook C08, C09)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a project stands. Late is no state of its own: it is computed from the dates."""

    PLANNED = "planned", pgettext_lazy("project", "Planned")
    RUNNING = "running", _("Running")
    DONE_CLAIMED = "done_claimed", _("Claimed as done")
    VERIFIED = "verified", _("Verified, awaits judgment")
    CLOSED = "closed", pgettext_lazy("project", "Closed")
    STOPPED = "stopped", _("Stopped")


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is. A photo shows a place, not a use: alone it proves nothing."""

    DOCUMENT = "document", _("Document")
    PHOTO = "photo", _("Photo")
    LINK = "link", _("Link")
    USERS = "users", _("Confirmed by users")


class ChangeState(models.TextChoices):
    """Where a change of a deadline stands. Consent and its effect are one act, dated both."""

    ASKED = "asked", _("Waits for an answer")
    APPLIED = "applied", _("Consented and applied")
    DECLINED = "declined", _("Declined")


class Side(models.TextChoices):
    """Who asks for another date: the office above, or those who do the work. The other side consents."""

    ABOVE = "above", _("Asked from above")
    BASE = "base", _("Asked by the responsible unit")


#: States in which work goes on or its end is being looked at.
LIVE = (State.PLANNED, State.RUNNING, State.DONE_CLAIMED, State.VERIFIED)
#: States in which nothing more happens.
ENDED = (State.CLOSED, State.STOPPED)
