"""Figures of the place that calculators rest on (S10): each is dated, and its reason names the notice it stands in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Setter
from qiao.org.settings.rules import Setting

#: 0 stands for "nobody has entered it": the step that needs it is then left out, and the page says so.
UNKNOWN = 0

AVERAGE_WAGE = Setting[int](
    "pay.average_wage", _("Local average wage of last year, yuan a month"), "count", default=UNKNOWN, lowest=0,
    highest=200_000, source="LCL 47", setter=Setter.ABOVE,
    note=_("As announced by the city or district with an own budget. 0: not entered. Name the notice as the reason."),
)  # fmt: skip
MINIMUM_WAGE = Setting[int](
    "pay.minimum_wage", _("Local minimum wage, yuan a month"), "count", default=UNKNOWN, lowest=0, highest=100_000,
    source="LL 48", setter=Setter.ABOVE,
    note=_("As announced by the province. 0: not entered. Name the notice as the reason."),
)  # fmt: skip
DAYS_BASE = Setting[int](
    "pay.days_base", _("Paid days of a month, in hundredths of a day (2175 is 21.75)"), "count", default=2175,
    lowest=2000, highest=3100, source="劳社部发〔2008〕3号", setter=Setter.ABOVE,
)  # fmt: skip
DAY_HOURS = Setting[int](
    "pay.day_hours", _("Hours of a standard working day"), "count", default=8, lowest=4, highest=8, source="LL 36",
    setter=Setter.ABOVE,
)  # fmt: skip
WEEKDAY_FACTOR = Setting[int](
    "pay.weekday_factor", _("Pay for longer hours on a working day, in percent"), "count", default=150, lowest=150,
    highest=500, source="LL 44", setter=Setter.ABOVE,
)  # fmt: skip
REST_FACTOR = Setting[int](
    "pay.rest_factor", _("Pay for work on a rest day without time off, in percent"), "count", default=200, lowest=200,
    highest=500, source="LL 44", setter=Setter.ABOVE,
)  # fmt: skip
HOLIDAY_FACTOR = Setting[int](
    "pay.holiday_factor", _("Pay for work on a statutory holiday, in percent"), "count", default=300, lowest=300,
    highest=600, source="LL 44", setter=Setter.ABOVE,
)  # fmt: skip
FLEXIBLE_HOLIDAY = Setting[bool](
    "pay.flexible_holiday", _("Statutory holidays are paid extra under flexible hours too"), "switch", default=False,
    setter=Setter.ABOVE, note=_("Some places pay them so; the national rule leaves flexible hours out."),
)  # fmt: skip
MONTH_LIMIT = Setting[int](
    "pay.month_limit", _("Most hours of overtime a month"), "count", default=36, lowest=0, highest=36, source="LL 41",
    setter=Setter.ABOVE,
)  # fmt: skip
CAP_TIMES = Setting[int](
    "pay.cap_times", _("Severance: the wage counts up to so many times the local average"), "count", default=3,
    lowest=3, highest=10, source="LCL 47", setter=Setter.ABOVE,
)  # fmt: skip
CAP_YEARS = Setting[int](
    "pay.cap_years", _("Severance: most years that count for a wage above the cap"), "count", default=12, lowest=12,
    highest=50, source="LCL 47", setter=Setter.ABOVE,
)  # fmt: skip
NEXT_CHECK = Setting[int](
    "rights.next_check", _("Months after which an article is checked again"), "months", default=6, lowest=1, highest=24,
    setter=Setter.ABOVE,
)  # fmt: skip
NOTICE = Setting[str](
    "rights.notice", _("What stands under every article and every computation"), "text",
    default="",
    note=_("Left empty, it says that this is an example to be checked where one lives."),
)  # fmt: skip
SETTINGS = (
    AVERAGE_WAGE, MINIMUM_WAGE, DAYS_BASE, DAY_HOURS, WEEKDAY_FACTOR, REST_FACTOR, HOLIDAY_FACTOR, FLEXIBLE_HOLIDAY,
    MONTH_LIMIT, CAP_TIMES, CAP_YEARS, NEXT_CHECK, NOTICE,
)  # fmt: skip
