"""Settings of joining (handbook C02)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

VOLUNTARY = Setting[bool](
    "mem.voluntary",
    _("Joining starts only from the worker"),
    Kind.SWITCH,
    default=True,
    source="TUL 2; MAM 5",
    note=_("Own free application. Nobody makes others members, no list does."),
    fixed=True,
)
ELIGIBILITY = Setting[bool](
    "mem.eligibility",
    _("Open to everybody who lives on wages or works for others"),
    Kind.SWITCH,
    default=True,
    source="MAM 5; TUL 3",
    note=_("Irrespective of ethnicity, sex and creed: so these are never asked."),
    fixed=True,
)
AGENCY_CHOICE = Setting[bool](
    "mem.agency_choice",
    _("Agency workers choose where they join"),
    Kind.SWITCH,
    default=True,
    source="LCL 64",
    note=_("At the agency or at the company they work in; the choice is the worker's."),
    fixed=True,
)
IDENTITY_CHECK = Setting[bool](
    "mem.identity_check",
    _("Ask for the identity number, by consent"),
    Kind.SWITCH,
    default=True,
    source="RNP",
    note=_("A paper shown to an officer is always enough instead."),
)
DECIDE_WITHIN = Setting[int](
    "mem.decide_within",
    _("Decide on an application within"),
    Kind.DAYS,
    default=15,
    lowest=1,
    highest=60,
    note=_("The promised day on the worker's receipt."),
    setter=Setter.ABOVE,
)
