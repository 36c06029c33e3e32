"""The figures of a place that calculators rest on, with where each comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.hear.rights.rules.money import Basis
from qiao.hear.rights.rules.overtime import PayRules
from qiao.hear.rights.rules.settings import (
    AVERAGE_WAGE,
    CAP_TIMES,
    CAP_YEARS,
    DAY_HOURS,
    DAYS_BASE,
    FLEXIBLE_HOLIDAY,
    HOLIDAY_FACTOR,
    MINIMUM_WAGE,
    MONTH_LIMIT,
    NOTICE,
    REST_FACTOR,
    WEEKDAY_FACTOR,
)
from qiao.hear.rights.rules.severance import EndRules
from qiao.org.settings.queries import rulings, value_of
from qiao.org.settings.rules import Ruling
from qiao.org.units.models import Unit

#: Since when the national texts hold, for what no unit has set.
_SINCE = {"LL": date(1995, 1, 1), "LCL": date(2008, 1, 1), "劳社部发〔2008〕3号": date(2008, 1, 3)}


def pay_rules(path: str, on: date) -> PayRules:
    """What holds for overtime at a place on a day."""
    found = rulings(
        [DAYS_BASE, DAY_HOURS, WEEKDAY_FACTOR, REST_FACTOR, HOLIDAY_FACTOR, MONTH_LIMIT, MINIMUM_WAGE,
         FLEXIBLE_HOLIDAY],
        path=path, on=on,
    )  # fmt: skip
    least = found[MINIMUM_WAGE.key].value
    return PayRules(
        days_base=Decimal(found[DAYS_BASE.key].value) / 100,
        day_hours=Decimal(found[DAY_HOURS.key].value),
        weekday_factor=Decimal(found[WEEKDAY_FACTOR.key].value),
        rest_factor=Decimal(found[REST_FACTOR.key].value),
        holiday_factor=Decimal(found[HOLIDAY_FACTOR.key].value),
        month_limit=Decimal(found[MONTH_LIMIT.key].value),
        minimum_wage=Decimal(least) if least else None,
        flexible_holiday=bool(found[FLEXIBLE_HOLIDAY.key].value),
        basis=_bases(found),
    )


def end_rules(path: str, on: date) -> EndRules:
    """What holds for severance at a place on a day: that of the last day of work."""
    found = rulings([AVERAGE_WAGE, MINIMUM_WAGE, CAP_TIMES, CAP_YEARS], path=path, on=on)
    average, least = found[AVERAGE_WAGE.key].value, found[MINIMUM_WAGE.key].value
    return EndRules(
        average_wage=Decimal(average) if average else None,
        minimum_wage=Decimal(least) if least else None,
        cap_times=Decimal(found[CAP_TIMES.key].value),
        cap_years=Decimal(found[CAP_YEARS.key].value),
        basis=_bases(found),
    )


def _bases(found: dict[str, Ruling[int]]) -> dict[str, Basis]:
    names = {
        unit.pk: pick(unit.name)
        for unit in Unit.objects.filter(pk__in=[row.unit_id for row in found.values() if row.unit_id])
    }
    return {key: _basis(row, names) for key, row in found.items()}


def _basis(row: Ruling[int], names: dict[int, str]) -> Basis:
    source = row.source or ""
    since = row.since or _SINCE.get(source.partition(" ")[0])
    return Basis(source, since, names.get(row.unit_id or 0, ""), row.reason)


def notice_at(path: str, on: date) -> str:
    """What stands under every article and every computation at a place; our own words where nothing is set."""
    return value_of(NOTICE, path=path, on=on) or _("An example: check what holds where you are.")
