"""What a federation may set about contact duty."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.rules import Setting

DAYS_PER_YEAR = Setting[int](
    "duty.days_per_year", _("Days an officer spends at the base a year"), "count", default=20, lowest=1, highest=250
)
LOG_WITHIN = Setting[int](
    "duty.log_within", _("Days after a visit within which it is logged"), "days", default=3, lowest=1, highest=30
)
ANSWER_WITHIN = Setting[int](
    "duty.answer_within",
    _("Working days within which an issue raised at the base is answered"),
    "working_days",
    default=15,
    lowest=1,
    highest=60,
)
SETTINGS = (DAYS_PER_YEAR, LOG_WITHIN, ANSWER_WITHIN)
