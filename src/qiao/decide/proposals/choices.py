"""States of a proposal (handbook C06: raised → consulted → adopted or rejected; C08: on the ballot)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    RAISED = "raised", _("Raised")
    CONSULTED = "consulted", _("Put to members")
    ON_BALLOT = "on_ballot", _("On the ballot")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Not taken up")
