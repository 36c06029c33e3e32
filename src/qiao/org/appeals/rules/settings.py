"""Clocks of appeals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

DECIDE_WITHIN = Setting[int](
    "appeal.decide_within", _("Time to decide an appeal"), Kind.DAYS,
    default=30, lowest=1, highest=90, setter=Setter.ABOVE,
)  # fmt: skip
FILE_WITHIN = Setting[int](
    "appeal.file_within", _("Time to appeal after a refusal"), Kind.DAYS,
    default=60, lowest=15, highest=730, setter=Setter.ABOVE,
)  # fmt: skip
SECOND_WITHIN = Setting[int](
    "appeal.second_within", _("Time for a second try after a dismissal"), Kind.DAYS,
    default=30, lowest=15, highest=730, setter=Setter.ABOVE,
)  # fmt: skip
