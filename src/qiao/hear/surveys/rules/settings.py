"""What a federation may set for its surveys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

#: A round with fewer valid answers is published as failed, with its n and nothing else.
PUBLISH_FLOOR = Setting[int](
    "svy.publish_floor",
    _("Answers below which nothing is published"),
    Kind.COUNT,
    default=30,
    lowest=10,
    note=_("A round keeps the number it was planned with."),
    setter=Setter.ABOVE,
    lower=Stricter.HIGHER,
)
#: Figures resting on fewer people are hidden.
SMALL_CELL = Setting[int](
    "svy.small_cell",
    _("People below whom a survey's figure is hidden"),
    Kind.COUNT,
    default=5,
    lowest=5,
    note=_("A protection of those who answer: it can be raised, never lowered below five."),
    setter=Setter.ABOVE,
    lower=Stricter.HIGHER,
    action="setting.protect",
)
#: After so long the single answers of a closed and published round are erased.
RAW_RETENTION = Setting[int](
    "svy.raw_retention",
    _("Single answers of surveys"),
    Kind.DAYS,
    default=90,
    lowest=1,
    highest=366,
    note=_("Counted from the close of a round whose results are out. Tables, codebook and manifest stay."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)
#: How often members, and base unions, are asked (handbook svy.cadence).
CADENCE_MEMBERS = Setting[int](
    "svy.cadence", _("Months between two surveys of all members"), Kind.MONTHS, default=12, lowest=3, highest=60
)
CADENCE_UNIONS = Setting[int](
    "svy.cadence_unions", _("Months between two surveys of the base unions"), Kind.MONTHS, default=12, lowest=3,
    highest=60,
)  # fmt: skip
#: How often findings from all sources are drawn together.
DIGEST = Setting[int](
    "svy.digest", _("Months between two digests of needs"), Kind.MONTHS, default=3, lowest=1, highest=12
)
#: Weights over so many times the median are trimmed, and that is said.
WEIGHT_CAP = Setting[int](
    "svy.weight_cap",
    _("Times the median above which a weight is trimmed"),
    Kind.COUNT,
    default=5,
    lowest=2,
    highest=20,
    note=_("A round keeps the number it was planned with."),
    setter=Setter.ABOVE,
)
#: Time to weight by hand; after it the round is weighted and published by itself.
WEIGHTING_DAYS = Setting[int](
    "svy.weighting_days", _("Days to weight a closed survey before it is published by itself"), Kind.DAYS, default=7,
    lowest=1, highest=60, note=_("Nobody can hold results back longer."),
)  # fmt: skip
#: Reminders to those who have not answered.
REMINDER_AFTER = Setting[int](
    "svy.reminder_after", _("Days before whoever has not answered is reminded"), Kind.DAYS, default=7, lowest=3,
    highest=60, note=_("An open round keeps the number it was opened with."),
)  # fmt: skip
REMINDER_MOST = Setting[int](
    "svy.reminder_most", _("Reminders of one survey to one person, at most"), Kind.COUNT, default=2, lowest=0,
    highest=4, note=_("An open round keeps the number it was opened with."),
)  # fmt: skip
#: Of a stack of paper, the percentage that somebody else types again.
DOUBLE_ENTRY = Setting[int](
    "svy.double_entry", _("Percent of paper answers that are typed a second time"), Kind.COUNT, default=10, lowest=0,
    highest=100, note=_("A stack keeps the number it was begun with."),
)  # fmt: skip
#: Volunteers' answers from one address on one day above which the rest are flagged.
BURST = Setting[int](
    "svy.burst", _("Volunteers' answers from one address on one day above which the rest are flagged"), Kind.COUNT,
    default=5, lowest=2, highest=200, note=_("They are kept and counted; the results say how many there are."),
)  # fmt: skip

ALL = (
    PUBLISH_FLOOR, SMALL_CELL, CADENCE_MEMBERS, CADENCE_UNIONS, DIGEST, WEIGHT_CAP, REMINDER_AFTER, REMINDER_MOST,
    DOUBLE_ENTRY, BURST, WEIGHTING_DAYS,
)  # fmt: skip
