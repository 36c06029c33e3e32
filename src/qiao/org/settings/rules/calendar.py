"""The calendar of rest days and moved working days, as a setting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.base.deadlines import WEEKENDS_ONLY, Calendar
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules.setting import Setting

CALENDAR = Setting[Calendar](
    "clock.calendar",
    _("Rest days and moved working days"),
    Kind.CALENDAR,
    default=WEEKENDS_ONLY,
    note=_("Weekends alone, until the public holidays of the year are entered."),
    setter=Setter.ABOVE,
)
