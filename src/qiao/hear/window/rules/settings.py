"""What a federation may set about its windows (handbook C05). Day counts of the classes are no legal numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Setter
from qiao.org.settings.rules import Setting

CLASSES = Setting[str](
    "req.classes",
    _("Classes of requests"),
    "text",
    default="question / solution / suggestion",
    source="practice",
    fixed=True,
)
TIME_GENERAL = Setting[int](
    "req.time_general", _("Working days for a general request"), "working_days", default=5, lowest=1, highest=60
)
TIME_HARD = Setting[int](
    "req.time_hard", _("Working days for a hard request"), "working_days", default=15, lowest=1, highest=90
)
TIME_SPECIAL = Setting[int](
    "req.time_special",
    _("Working days for a specially complex request"),
    "working_days",
    default=30,
    lowest=1,
    highest=180,
)
ACK = Setting[int](
    "req.ack",
    _("Working days within which somebody has read a request"),
    "working_days",
    default=1,
    lowest=0,
    highest=5,
)
URGENT = Setting[int](
    "req.urgent",
    _("Days for an urgent request; 0 is the same day, rest day or not"),
    "days",
    default=0,
    lowest=0,
    highest=3,
    note=_("Danger to life, unpaid wages before a holiday, an injury."),
)
PHONE_SECONDS = Setting[int](
    "req.phone_answer",
    _("Seconds within which a call is answered"),
    "count",
    default=15,
    lowest=5,
    highest=120,
    source="draft",
)
PHONE_SHARE = Setting[float](
    "req.phone_connected", _("Share of calls that get through"), "share", default=0.95, lowest=0.5, highest=1.0
)
GOV_LINE = Setting[bool](
    "req.gov_line", _("Joined to the government's hotline: its clocks hold"), "switch", default=False
)
GOV_EMERGENCY = Setting[int](
    "req.gov_emergency",
    _("Hours for an emergency of the government's hotline"),
    "hours",
    default=2,
    lowest=1,
    highest=24,
)
GOV_GENERAL = Setting[int](
    "req.gov_general",
    _("Days for a general request of the government's hotline"),
    "days",
    default=7,
    lowest=1,
    highest=30,
)
GOV_HARD = Setting[int](
    "req.gov_hard", _("Days for a hard request of the government's hotline"), "days", default=15, lowest=1, highest=60
)
EXTENSIONS = Setting[int](
    "req.extensions", _("How often an answer may be put off"), "count", default=2, lowest=0, highest=5
)
BAD_GRADE = Setting[int](
    "req.bad_grade",
    _("A grade up to this one, of five, is bad and has to be mended"),
    "count",
    default=2,
    lowest=1,
    highest=3,
)
BAD_RATING = Setting[int](
    "req.bad_rating",
    _("Working days within which a bad rating is mended"),
    "working_days",
    default=15,
    lowest=1,
    highest=60,
)
CALL_TRIES = Setting[int](
    "req.call_tries", _("Calls in vain after which nobody is reached"), "count", default=3, lowest=1, highest=10
)
SAMPLE = Setting[float](
    "req.sample",
    _("Share of closed requests called back once more by another unit"),
    "share",
    default=0.1,
    lowest=0.0,
    highest=1.0,
    setter=Setter.ABOVE,
)
REOPEN = Setting[int](
    "req.reopen",
    _("Days after the answer within which a request is reopened"),
    "days",
    default=60,
    lowest=7,
    highest=365,
)
FOLLOW_UP = Setting[int](
    "req.follow_up",
    _("Days after the end at which the asker is asked once more"),
    "days",
    default=28,
    lowest=7,
    highest=180,
)
HOURS = Setting[str]("req.hours", _("Hours of the hotline"), "text", default="7 × 24")
LINE = Setting[str]("req.line", _("Number of the hotline"), "text", default="12351", source="national union hotline")
CRISIS_LINE = Setting[str](
    "req.crisis_line",
    _("Whom to call where a life is in danger"),
    "text",
    default="120 / 110",
    note=_("Shown at once to whoever writes of wanting to die; enter the crisis line of the place."),
)
KEYLESS = Setting[bool](
    "req.open311_keyless", _("Other systems may file requests without a key"), "switch", default=False,
    setter=Setter.FEDERATION,
)  # fmt: skip
HOOK_FAILURES = Setting[int](
    "req.hook_failures", _("Tries in vain after which notices to another system are switched off"), "count",
    default=10, lowest=3, highest=50,
)  # fmt: skip
SETTINGS = (
    CLASSES, TIME_GENERAL, TIME_HARD, TIME_SPECIAL, ACK, URGENT, PHONE_SECONDS, PHONE_SHARE, GOV_LINE, GOV_EMERGENCY,
    GOV_GENERAL, GOV_HARD, EXTENSIONS, BAD_GRADE, BAD_RATING, CALL_TRIES, SAMPLE, REOPEN, FOLLOW_UP, HOURS,
    LINE, CRISIS_LINE, KEYLESS, HOOK_FAILURES,
)  # fmt: skip
