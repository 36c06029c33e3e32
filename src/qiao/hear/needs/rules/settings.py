"""What a federation may set about needs, digests and the forming of tasks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.hear.needs.choices import Period
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

#: A common need is among so many most named in every stratum.
TOP_K = Setting[int](
    "need.top_k",
    _("Places among the most named in every stratum that make a need common"),
    Kind.COUNT,
    default=5,
    lowest=1,
    highest=20,
    note=_("Taken when needs are derived from a round."),
    setter=Setter.ABOVE,
)
#: Days after its publication by which a need is taken up or answered.
ANSWER_WITHIN = Setting[int](
    "need.answer_within",
    _("Days within which a published need is taken up, or answered with “no, because”"),
    Kind.DAYS,
    default=60,
    lowest=7,
    highest=180,
    note=_("A running clock keeps the number it began with."),
    setter=Setter.ABOVE,
    lower=Stricter.LOWER,
)
DIGEST_PERIOD = Setting[str](
    "digest.period",
    _("How often a digest of needs is made"),
    Kind.CHOICE,
    default=Period.QUARTER.value,
    choices={period.value: period.label for period in Period},
)
#: Free texts copied for topics are erased after so many days; topics, counts and approved quotes stay.
TEXT_RETENTION = Setting[int](
    "need.topic_texts",
    _("Free texts that topics were worked out from"),
    Kind.DAYS,
    default=90,
    lowest=1,
    highest=180,
    note=_("Counted from the day the topics were ready. Topics, counts and approved quotes stay."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)
#: Nothing is quoted that comes from fewer members.
QUOTE_FLOOR = Setting[int](
    "need.quote_floor",
    _("Members of a unit below whom nothing of it is quoted"),
    Kind.COUNT,
    default=30,
    lowest=30,
    setter=Setter.ABOVE,
    lower=Stricter.HIGHER,
    action="setting.protect",
)
CRITERIA_MEMBERS = Setting[int](
    "task.criteria_members", _("Weight of: members affected"), Kind.COUNT, default=30, highest=100
)
CRITERIA_SEVERITY = Setting[int](
    "task.criteria_severity", _("Weight of: severity"), Kind.COUNT, default=25, highest=100
)
CRITERIA_ABLE = Setting[int](
    "task.criteria_able", _("Weight of: the union can act"), Kind.COUNT, default=20, highest=100
)
CRITERIA_COST = Setting[int](
    "task.criteria_cost", _("Weight of: cost"), Kind.COUNT, default=15, highest=100, note=_("Low cost is marked high.")
)
CRITERIA_DUTY = Setting[int]("task.criteria_duty", _("Weight of: legal duty"), Kind.COUNT, default=10, highest=100)
#: Members on a user panel, and how many of them have to speak before anything is decided.
PANEL_SIZE = Setting[int](
    "task.panel_size", _("Members drawn for a user panel"), Kind.COUNT, default=12, lowest=6, highest=60
)
PANEL_LEAST = Setting[int](
    "task.panel_least",
    _("Members of a user panel who have to speak before a candidate is decided"),
    Kind.COUNT,
    default=5,
    lowest=5,
    highest=40,
)
SETTINGS = (
    TOP_K,
    ANSWER_WITHIN,
    DIGEST_PERIOD,
    QUOTE_FLOOR,
    CRITERIA_MEMBERS,
    CRITERIA_SEVERITY,
    CRITERIA_ABLE,
    CRITERIA_COST,
    CRITERIA_DUTY,
    PANEL_SIZE,
    PANEL_LEAST,
)
