"""The clocks of the problem ledger (handbook C26; all but the recheck are defaults nobody has laid down)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

ACCEPT_WITHIN = Setting[int](
    "prob.accept_within", _("A problem is taken on or declined within"), Kind.WORKING_DAYS, default=10, lowest=1,
    highest=60, setter=Setter.ABOVE,
)  # fmt: skip
OWN_WITHIN = Setting[int](
    "prob.own_within", _("Somebody answers for an accepted problem within"), Kind.WORKING_DAYS, default=10, lowest=1,
    highest=60, setter=Setter.ABOVE,
)  # fmt: skip
PLAN_WITHIN = Setting[int](
    "prob.plan_within", _("The remedy of a problem is planned within"), Kind.WORKING_DAYS, default=15, lowest=1,
    highest=90, setter=Setter.ABOVE,
)  # fmt: skip
RECHECK_AFTER = Setting[int](
    "prob.recheck_after", _("A problem said to be mended is checked again after"), Kind.DAYS, default=90, lowest=1,
    highest=365, setter=Setter.ABOVE,
    note=_("Counted from the day the owner says it is mended: what holds for a day only is not mended."),
)  # fmt: skip
RECHECK_WITHIN = Setting[int](
    "prob.recheck_within", _("Those who raised a problem are asked for"), Kind.DAYS, default=30, lowest=7,
    highest=120, setter=Setter.ABOVE, note=_("After that the union above checks, where nobody answered."),
)  # fmt: skip
CLOSE_WITHIN = Setting[int](
    "prob.close_within", _("What a mended problem teaches is written within"), Kind.WORKING_DAYS, default=15, lowest=1,
    highest=60, setter=Setter.ABOVE,
)  # fmt: skip
VOICES = Setting[int](
    "prob.voices", _("People asked whether a problem is mended, at least"), Kind.COUNT, default=9, lowest=3,
    highest=200, setter=Setter.ABOVE,
    note=_("Where fewer raised it, the rest are drawn by chance from the members it concerns."),
)  # fmt: skip
REPEAT_MONTHS = Setting[int](
    "prob.repeat_months", _("A problem counts as come back within"), Kind.MONTHS, default=12, lowest=1, highest=60,
    setter=Setter.FEDERATION,
)  # fmt: skip
LONG_AFTER = Setting[int](
    "prob.long_after", _("A problem counts as long-standing after"), Kind.DAYS, default=365, lowest=30, highest=3650,
    setter=Setter.FEDERATION,
)  # fmt: skip
PATTERN_DAYS = Setting[int](
    "prob.pattern_days", _("Requests that became a problem are counted over"), Kind.DAYS, default=90, lowest=30,
    highest=365, setter=Setter.FEDERATION,
)  # fmt: skip
PATTERN_COUNT = Setting[int](
    "prob.pattern_count", _("Unsolved requests of one topic at one union that make a problem"), Kind.COUNT, default=10,
    lowest=10, highest=1000, setter=Setter.FEDERATION,
    note=_("As their askers say. Fewer than ten would tell who asked."),
)  # fmt: skip
SETTINGS = (
    ACCEPT_WITHIN, OWN_WITHIN, PLAN_WITHIN, RECHECK_AFTER, RECHECK_WITHIN, CLOSE_WITHIN, VOICES, REPEAT_MONTHS,
    LONG_AFTER, PATTERN_DAYS, PATTERN_COUNT,
)  # fmt: skip
