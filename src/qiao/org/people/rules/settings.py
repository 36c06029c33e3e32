"""Clocks and limits of what people ask about their data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

ANSWER_WITHIN = Setting[int](
    "privacy.answer_within", _("Time to answer what somebody asks about their data"), Kind.MONTHS,
    default=1, lowest=1, highest=3, source="GDPR 12", setter=Setter.FEDERATION, action="setting.protect",
)  # fmt: skip
LINK_HOLDS = Setting[int](
    "privacy.check_link_holds", _("How long a link of a data check holds"), Kind.DAYS,
    default=14, lowest=1, highest=60, setter=Setter.ABOVE, action="setting.protect",
)  # fmt: skip
NUMBER_WAIT = Setting[int](
    "privacy.number_wait", _("How long a member can object before a new mobile number holds"), Kind.DAYS,
    default=3, lowest=1, highest=14, setter=Setter.ABOVE, action="setting.protect",
    note=_("Counted from the warning that goes to the old contacts."),
)  # fmt: skip
ASK_AGAIN = Setting[int](
    "privacy.check_again_after", _("After what time a contact is checked again"), Kind.MONTHS,
    default=12, lowest=3, highest=36, setter=Setter.ABOVE, action="setting.protect",
)  # fmt: skip
