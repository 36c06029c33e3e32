"""Settings of coverage (handbook C03); the sample of test calls and the help for new employers stand in mandates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.rules import Setting

WINDOW = Setting[int](
    key="cov.window",
    label=_("Window in which a union must have been active"),
    kind="months",
    default=12,
    lowest=1,
    highest=36,
)
TOLD_PROOF = Setting[str](
    key="cov.told_proof",
    label=_("What proves that members know they are members"),
    kind="choice",
    default="either",
    choices={
        "own": _("The member's own confirmation"),
        "either": _("The member's own confirmation or a delivered notice"),
    },
)
RETENTION_CHECK = Setting[int](
    key="cov.retention_check",
    label=_("After how long it is checked who is still a member"),
    kind="months",
    default=6,
    lowest=1,
    highest=24,
)
TOLD_SHARE = Setting[float](
    key="cov.told_share",
    label=_("Share of a union's members who must have been told that they are members"),
    kind="share",
    default=0.8,
    note=_("The handbook of the field asks that members are told and names no share; this one is a proposal."),
    lowest=0.05,
    highest=1.0,
)
SETTINGS = (WINDOW, TOLD_PROOF, RETENTION_CHECK, TOLD_SHARE)
