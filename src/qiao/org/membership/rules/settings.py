"""Settings of standing (handbook C02)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

TRANSIT_LIMIT = Setting[int](
    "mem.transit_limit",
    _("A transfer is received within"),
    Kind.DAYS,
    default=30,
    lowest=1,
    highest=90,
    note=_("After that the hub over the new unit receives the member. Standing and rights are never lost on the way."),
    setter=Setter.ABOVE,
)
FOLLOWS_JOB = Setting[bool](
    "mem.follows_job",
    _("Join once; standing follows the job"),
    Kind.SWITCH,
    default=True,
    source="MAM",
    fixed=True,
)
KEEP_ON_DISSOLUTION = Setting[bool](
    "mem.keep_on_dissolution",
    _("When a unit closes, its members keep their standing at the union above"),
    Kind.SWITCH,
    default=True,
    source="TUL 13",
    fixed=True,
)
LAPSE_AFTER = Setting[int](
    "mem.lapse_after",
    _("Standing may lapse after, without dues and without taking part"),
    Kind.MONTHS,
    default=6,
    lowest=6,
    source="CON 5",
    note=_("Only without good reason and after a recorded talk; a second person confirms it."),
)
RETAINED_RIGHTS = Setting[str](
    "mem.retained_rights",
    _("Rights while standing is retained"),
    Kind.CHOICE,
    default="no_vote",
    choices={"no_vote": _("No dues, no vote; information and help as before")},
    fixed=True,
)
DUES_RATE = Setting[float](
    "mem.dues_rate",
    _("Dues as a share of the basic monthly wage"),
    Kind.SHARE,
    default=0.005,
    highest=0.05,
    note=_("Kept by the base union. The platform collects nothing and holds no wage."),
    setter=Setter.FEDERATION,
)
ALL = (TRANSIT_LIMIT, FOLLOWS_JOB, KEEP_ON_DISSOLUTION, LAPSE_AFTER, RETAINED_RIGHTS, DUES_RATE)
