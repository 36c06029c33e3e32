"""Settings of the check of the register by an independent assurer (handbook C02)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

ASSURER = Setting[bool](
    "mem.assurer",
    _("An independent assurer checks the register each year"),
    Kind.SWITCH,
    default=False,
    note=_("Customary in the United Kingdom for unions above 10,000 members; elsewhere a union may bind itself to it."),
    setter=Setter.ABOVE,
)
ASSURER_ABOVE = Setting[int](
    "mem.assurer_above",
    _("The register is checked from more members than"),
    Kind.COUNT,
    default=10_000,
    lowest=100,
    setter=Setter.ABOVE,
)
ASSURER_WITHIN = Setting[int](
    "mem.assurer_within",
    _("The assurer's certificate is due, after the end of the year, within"),
    Kind.MONTHS,
    default=5,
    lowest=1,
    highest=12,
    setter=Setter.ABOVE,
)
