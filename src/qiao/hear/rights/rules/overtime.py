"""Overtime pay (Labour Law 44, Provisional Rules on Wage Payment 13). Pure: no clock, no database.

hourly wage = monthly wage ÷ 21.75 ÷ 8; pay = hourly wage × hours × factor. Under comprehensive hours what goes beyond
the hours of the whole period counts as longer hours (150 %), a rest day is an ordinary day, a statutory holiday counts
in full. Under flexible hours the national rule pays nothing extra; some places pay statutory holidays.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop as noop

from qiao.base.problems import Problem
from qiao.hear.rights.choices import HoursSystem
from qiao.hear.rights.rules.money import Basis, Computed, Remark, Step, plain, to_cent

#: Hours of the longest month; more is a slip of the pen.
MOST_HOURS = Decimal(744)
MOST_WAGE = Decimal(10_000_000)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PayRules:
    """Figures of the place, each with where it comes from (by the key of its setting). Factors in percent."""

    days_base: Decimal
    day_hours: Decimal
    weekday_factor: Decimal
    rest_factor: Decimal
    holiday_factor: Decimal
    month_limit: Decimal
    minimum_wage: Decimal | None
    flexible_holiday: bool
    basis: dict[str, Basis]


@dataclass(frozen=True, slots=True)
class Worked:
    """One month: the wage agreed for normal hours and the hours beyond them."""

    wage: Decimal
    system: str = HoursSystem.STANDARD
    weekday: Decimal = Decimal(0)
    rest: Decimal = Decimal(0)
    holiday: Decimal = Decimal(0)


def overtime(worked: Worked, rules: PayRules) -> Computed:
    """Compute the overtime pay of a month in yuan. Raises Problem for figures that cannot be."""
    _require_sense(worked)
    wage, steps, remarks = _base(worked, rules)
    hourly = wage / rules.days_base / rules.day_hours
    steps.append(
        Step(
            noop("Wage of one hour"), f"{plain(wage)} ÷ {plain(rules.days_base)} ÷ {plain(rules.day_hours)}",
            to_cent(hourly), rules.basis["pay.days_base"],
        )
    )  # fmt: skip
    total = Decimal(0)
    for what, hours, factor, key in _parts(worked, rules):
        if not hours:
            continue
        pay = to_cent(hourly * hours * factor / _HUNDRED)
        formula = (
            f"{plain(wage)} ÷ {plain(rules.days_base)} ÷ {plain(rules.day_hours)} × {plain(hours)} × {plain(factor)} %"
        )
        steps.append(Step(what, formula, pay, rules.basis[key]))
        total += pay
    return Computed(tuple(steps), total, tuple(remarks + _remarks(worked, rules)))


def _base(worked: Worked, rules: PayRules) -> tuple[Decimal, list[Step], list[Remark]]:
    """The wage to compute with: no less than the local minimum, where that is known."""
    least = rules.minimum_wage
    if least is None:
        return worked.wage, [], [
            Remark(noop("The minimum wage of this place is not entered: whether the wage reaches it is not checked."))
        ]  # fmt: skip
    if worked.wage >= least:
        return worked.wage, [], []
    step = Step(
        noop("The wage is below the local minimum: computed with the minimum"),
        f"{plain(worked.wage)} < {plain(least)}", least, rules.basis["pay.minimum_wage"],
    )  # fmt: skip
    return least, [step], [Remark(noop("A wage below the minimum is a matter of its own: ask the window."))]


def _parts(worked: Worked, rules: PayRules) -> list[tuple[str, Decimal, Decimal, str]]:
    none = Decimal(0)
    if worked.system == HoursSystem.FLEXIBLE:
        hours = worked.holiday if rules.flexible_holiday else none
        return [(noop("Work on statutory holidays"), hours, rules.holiday_factor, "pay.flexible_holiday")]
    longer = (
        noop("Hours beyond those of the period")
        if worked.system == HoursSystem.COMPREHENSIVE
        else noop("Longer hours on working days")
    )
    # Under comprehensive hours a rest day is a day like others.
    rest = none if worked.system == HoursSystem.COMPREHENSIVE else worked.rest
    return [
        (longer, worked.weekday, rules.weekday_factor, "pay.weekday_factor"),
        (noop("Work on rest days without time off instead"), rest, rules.rest_factor, "pay.rest_factor"),
        (noop("Work on statutory holidays"), worked.holiday, rules.holiday_factor, "pay.holiday_factor"),
    ]


def _remarks(worked: Worked, rules: PayRules) -> list[Remark]:
    found = []
    if worked.system == HoursSystem.COMPREHENSIVE:
        found.append(
            Remark(
                noop("Comprehensive hours need the approval of the labour authority: ask to see it."),
                source="LL 39",
            )
        )
        if worked.rest:
            found.append(
                Remark(noop("Hours on rest days count only as far as they go beyond those of the whole period."))
            )
    if worked.system == HoursSystem.FLEXIBLE:
        found.append(
            Remark(noop("Flexible hours need the approval of the labour authority: ask to see it."), source="LL 39")
        )
        if worked.weekday or worked.rest or (worked.holiday and not rules.flexible_holiday):
            found.append(Remark(noop("Hours that are not paid extra under flexible hours are left out.")))
    # Work on statutory holidays is not counted against the limit of longer hours here: the worker is not told less.
    longer = worked.weekday + worked.rest
    if worked.system != HoursSystem.FLEXIBLE and longer > rules.month_limit:
        found.append(
            Remark(
                noop("%(hours)s hours are more than the %(limit)s a month the law allows; they are due all the same."),
                {"hours": plain(longer), "limit": plain(rules.month_limit)}, source="LL 41",
            )
        )  # fmt: skip
    return found


def _require_sense(worked: Worked) -> None:
    if worked.system not in HoursSystem.values:
        raise Problem("The form is not complete: open the page again.")
    if not worked.wage.is_finite() or not 0 < worked.wage <= MOST_WAGE:
        raise Problem("Write the monthly wage in yuan, more than 0.")
    hours = (worked.weekday, worked.rest, worked.holiday)
    if any(not one.is_finite() or one < 0 for one in hours):
        raise Problem("Hours cannot be less than 0.")
    if sum(hours) > MOST_HOURS:
        raise Problem("A month has no more than %(most)d hours.", most=int(MOST_HOURS))
    if not any(hours):
        raise Problem("Write how many hours were worked beyond the normal ones.")
