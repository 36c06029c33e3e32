"""Money at the end of work (Labour Contract Law 40, 46, 47, 87). Pure: no clock, no database.

N is one month's wage for each full year; six months and more of a started year count as one year, less as half. The
wage is the average of the last twelve months. Where it is above three times the local average it counts up to that,
and at most twelve years count. N + 1 adds the wage of the last month; 2N doubles N.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_noop as noop

from qiao.base.problems import Problem
from qiao.hear.rights.choices import Ending
from qiao.hear.rights.rules.money import Basis, Computed, Remark, Step, plain, to_cent

#: The Labour Contract Law holds from this day; what was before is counted by older rules (LCL 97).
LCL_SINCE = date(2008, 1, 1)
MOST_YEARS = 60
MOST_WAGE = Decimal(10_000_000)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class EndRules:
    """Figures of the place: average and minimum wage (None: not entered), caps, each with its basis."""

    average_wage: Decimal | None
    minimum_wage: Decimal | None
    cap_times: Decimal
    cap_years: Decimal
    basis: dict[str, Basis]


@dataclass(frozen=True, slots=True)
class Service:
    """First and last day of work at one employer, average wage of the last twelve months, wage of the last month."""

    first: date
    last: date
    wage: Decimal
    last_wage: Decimal | None = None
    ending: str = Ending.SEVERANCE


def months_worked(first: date, last: date) -> int:
    """Full months from the first to the last day, both counted."""
    end = last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    return months - (_plus_months(first, months) > end)


def years_counted(first: date, last: date) -> Decimal:
    """Years that count: a started year from six months on is one, less is half (LCL 47)."""
    months = months_worked(first, last)
    years, rest = divmod(months, 12)
    # Beyond full months a single day is a started half year.
    started = _plus_months(first, months) <= last
    if rest >= 6:
        return Decimal(years + 1)
    return Decimal(years) + (HALF if rest or started else 0)


def severance(service: Service, rules: EndRules) -> Computed:
    """Compute what is due at the end, in yuan. Raises Problem for days or wages that cannot be."""
    _require_sense(service)
    steps: list[Step] = []
    remarks: list[Remark] = []
    law = Basis("LCL 47", LCL_SINCE)
    years = years_counted(service.first, service.last)
    full, rest = divmod(months_worked(service.first, service.last), 12)
    steps.append(
        Step(
            noop("Years of service that count"),
            f"{service.first.isoformat()} – {service.last.isoformat()}: {full} × 12 + {rest}",
            years, law, unit="months",
        )
    )  # fmt: skip
    wage = _wage(service, rules, steps, remarks)
    if rules.average_wage is None:
        remarks.append(Remark(noop("The local average wage is not entered: whether the cap applies is not checked.")))
    else:
        cap = rules.cap_times * rules.average_wage
        if wage > cap:
            steps.append(
                Step(
                    noop("The wage is above the cap: it counts up to it"),
                    f"{plain(rules.cap_times)} × {plain(rules.average_wage)} < {plain(wage)}", to_cent(cap),
                    rules.basis["pay.average_wage"],
                )
            )  # fmt: skip
            wage = cap
            if years > rules.cap_years:
                steps.append(
                    Step(
                        noop("Above the cap at most this many years count"),
                        f"{plain(years)} > {plain(rules.cap_years)}", rules.cap_years, rules.basis["pay.cap_years"],
                        unit="months",
                    )
                )  # fmt: skip
                years = rules.cap_years
    base = to_cent(wage * years)
    steps.append(Step(noop("N: one month's wage for each year"), f"{plain(wage)} × {plain(years)}", base, law))
    total = base
    if service.ending == Ending.NOTICE:
        month = service.last_wage if service.last_wage is not None else service.wage
        steps.append(
            Step(noop("N + 1: the last month's wage instead of notice"), f"{plain(base)} + {plain(month)}",
                 to_cent(base + month), Basis("LCL 40", LCL_SINCE))
        )  # fmt: skip
        total = to_cent(base + month)
    elif service.ending == Ending.UNLAWFUL:
        total = to_cent(2 * base)
        steps.append(
            Step(noop("2N: twice as much for unlawful dismissal"), f"2 × {plain(base)}", total,
                 Basis("LCL 87", LCL_SINCE))
        )  # fmt: skip
        remarks.append(Remark(noop("Instead of the money the worker may ask to go on working."), source="LCL 48"))
    if service.first < LCL_SINCE:
        remarks.append(Remark(noop("Years before 2008 may count by older rules: have them checked."), source="LCL 97"))
    return Computed(tuple(steps), total, tuple(remarks))


def _wage(service: Service, rules: EndRules, steps: list[Step], remarks: list[Remark]) -> Decimal:
    least = rules.minimum_wage
    if least is None:
        remarks.append(
            Remark(noop("The minimum wage of this place is not entered: whether the wage reaches it is not checked."))
        )
    elif service.wage < least:
        steps.append(
            Step(
                noop("The wage is below the local minimum: computed with the minimum"),
                f"{plain(service.wage)} < {plain(least)}", least, rules.basis["pay.minimum_wage"],
            )
        )  # fmt: skip
        return least
    return service.wage


def _plus_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _require_sense(service: Service) -> None:
    if service.ending not in Ending.values:
        raise Problem("The form is not complete: open the page again.")
    if service.last < service.first:
        raise Problem("The last day lies before the first.")
    if service.first.year < 1949 or service.last.year > 2199 or service.last.year - service.first.year > MOST_YEARS:
        raise Problem("These days cannot be: look at the years.")
    for wage in (service.wage, service.last_wage):
        if wage is not None and (not wage.is_finite() or not 0 < wage <= MOST_WAGE):
            raise Problem("Write the monthly wage in yuan, more than 0.")
