"""Overtime and severance pay against sums worked by hand, and laws they keep for any figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.problems import Problem
from qiao.hear.rights.choices import Ending, HoursSystem
from qiao.hear.rights.rules.money import Basis, plain
from qiao.hear.rights.rules.overtime import PayRules, Worked, overtime
from qiao.hear.rights.rules.severance import EndRules, Service, months_worked, severance, years_counted

D = Decimal
BASIS = Basis("test")


class AnyBasis(dict[str, Basis]):
    def __missing__(self, key: str) -> Basis:
        return BASIS


def pay(minimum: str = "", *, flexible: bool = False) -> PayRules:
    return PayRules(
        days_base=D("21.75"), day_hours=D(8), weekday_factor=D(150), rest_factor=D(200), holiday_factor=D(300),
        month_limit=D(36), minimum_wage=D(minimum) if minimum else None, flexible_holiday=flexible, basis=AnyBasis(),
    )  # fmt: skip


def end(average: str = "", minimum: str = "") -> EndRules:
    return EndRules(
        average_wage=D(average) if average else None, minimum_wage=D(minimum) if minimum else None, cap_times=D(3),
        cap_years=D(12), basis=AnyBasis(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("worked", "total"),
    [
        # 8700 ÷ 21.75 ÷ 8 = 50 yuan an hour: 10 × 75, 8 × 100, 8 × 150.
        (Worked(D(8700), weekday=D(10)), "750.00"),
        (Worked(D(8700), rest=D(8)), "800.00"),
        (Worked(D(8700), holiday=D(8)), "1200.00"),
        (Worked(D(8700), weekday=D(10), rest=D(8), holiday=D(8)), "2750.00"),
        # 5000 ÷ 174 = 28.7356…; × 1.5 × 3 = 129.3103… (not 28.74 × 4.5 = 129.33).
        (Worked(D(5000), weekday=D(3)), "129.31"),
        # 6000 ÷ 174 × 2 × 7.5 = 517.2413…
        (Worked(D(6000), rest=D("7.5")), "517.24"),
        # Comprehensive: a rest day is a day like others; what goes beyond the period counts 150 %.
        (Worked(D(8700), HoursSystem.COMPREHENSIVE, weekday=D(10), rest=D(8)), "750.00"),
        (Worked(D(8700), HoursSystem.COMPREHENSIVE, holiday=D(8)), "1200.00"),
        # Flexible: nothing by the national rule.
        (Worked(D(8700), HoursSystem.FLEXIBLE, weekday=D(10), rest=D(8), holiday=D(8)), "0.00"),
    ],
)
def test_overtime_by_hand(worked: Worked, total: str) -> None:
    assert overtime(worked, pay()).total == D(total)


def test_a_place_may_pay_holidays_under_flexible_hours() -> None:
    worked = Worked(D(8700), HoursSystem.FLEXIBLE, weekday=D(10), holiday=D(8))
    assert overtime(worked, pay(flexible=True)).total == D("1200.00")


def test_a_wage_below_the_minimum_is_computed_with_the_minimum_and_said() -> None:
    # 2610 ÷ 174 = 15; × 1.5 × 4 = 90.
    done = overtime(Worked(D(2000), weekday=D(4)), pay("2610"))
    assert done.total == D("90.00")
    assert done.steps[0].result == D(2610)


def test_more_than_the_limit_is_said_and_paid_all_the_same() -> None:
    done = overtime(Worked(D(8700), weekday=D(40)), pay())
    assert done.total == D("3000.00")
    assert any(remark.source == "LL 41" for remark in done.remarks)
    assert not any(remark.source == "LL 41" for remark in overtime(Worked(D(8700), weekday=D(36)), pay()).remarks)


@pytest.mark.parametrize(
    "worked",
    [
        Worked(D(0), weekday=D(1)), Worked(D(-5), weekday=D(1)), Worked(D("NaN"), weekday=D(1)),
        Worked(D("Infinity"), weekday=D(1)), Worked(D(5000)), Worked(D(5000), weekday=D(-1)),
        Worked(D(5000), weekday=D("NaN")), Worked(D(5000), weekday=D(700), rest=D(100)), Worked(D(5000), "other", D(1)),
    ],
)  # fmt: skip
def test_overtime_that_cannot_be_is_refused(worked: Worked) -> None:
    with pytest.raises(Problem):
        overtime(worked, pay())


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        # One day, five months, a day less than six months: half. Six months to the day: one.
        ("2024-01-01", "2024-01-01", "0.5"), ("2024-01-01", "2024-05-31", "0.5"), ("2024-01-01", "2024-06-29", "0.5"),
        ("2024-01-01", "2024-06-30", "1"), ("2024-01-01", "2024-12-31", "1"), ("2024-01-01", "2025-01-01", "1.5"),
        ("2020-03-15", "2025-03-14", "5"), ("2020-03-15", "2025-09-13", "5.5"), ("2020-03-15", "2025-09-14", "6"),
        # A month that is too short ends on its last day.
        ("2024-08-31", "2025-02-27", "1"), ("2024-08-31", "2025-02-26", "0.5"), ("2020-02-29", "2021-02-27", "1"),
    ],
)  # fmt: skip
def test_years_by_hand(first: str, last: str, years: str) -> None:
    assert years_counted(date.fromisoformat(first), date.fromisoformat(last)) == D(years)


@pytest.mark.parametrize(
    ("wage", "years", "ending", "last_wage", "total"),
    [
        # N: 8000 × 5. N + 1 with the last month's 9000. 2N.
        ("8000", 5, Ending.SEVERANCE, None, "40000.00"),
        ("8000", 5, Ending.NOTICE, "9000", "49000.00"),
        ("8000", 5, Ending.NOTICE, None, "48000.00"),
        ("8000", 5, Ending.UNLAWFUL, None, "80000.00"),
        # Cap: 3 × 10000; at most 12 years above it, but all 20 at it.
        ("30000", 20, Ending.SEVERANCE, None, "600000.00"),
        ("30000.01", 20, Ending.SEVERANCE, None, "360000.00"),
        ("50000", 5, Ending.SEVERANCE, None, "150000.00"),
        ("50000", 15, Ending.UNLAWFUL, None, "720000.00"),
        # The month instead of notice is not capped.
        ("50000", 5, Ending.NOTICE, "52000", "202000.00"),
        # Below the minimum of 2500.
        ("1000", 2, Ending.SEVERANCE, None, "5000.00"),
    ],
)
def test_severance_by_hand(wage: str, years: int, ending: Ending, last_wage: str | None, total: str) -> None:
    first = date(2005, 1, 1)
    service = Service(
        first, date(2005 + years, 1, 1) - timedelta(days=1), D(wage), D(last_wage) if last_wage else None, ending
    )
    assert severance(service, end("10000", "2500")).total == D(total)


def test_what_is_not_known_is_said_and_not_guessed() -> None:
    done = severance(Service(date(2010, 1, 1), date(2025, 12, 31), D(90000)), end())
    assert done.total == D("1440000.00")
    assert len(done.remarks) == 2
    old = severance(Service(date(2001, 1, 1), date(2025, 12, 31), D(9000)), end("10000", "2500"))
    assert [remark.source for remark in old.remarks] == ["LCL 97"]


@pytest.mark.parametrize(
    "service",
    [
        Service(date(2024, 2, 1), date(2024, 1, 31), D(8000)), Service(date(1900, 1, 1), date(1950, 1, 1), D(8000)),
        Service(date(1950, 1, 1), date(2050, 1, 1), D(8000)), Service(date(2020, 1, 1), date(2024, 1, 1), D(0)),
        Service(date(2020, 1, 1), date(2024, 1, 1), D("NaN")),
        Service(date(2020, 1, 1), date(2024, 1, 1), D(8000), D(-1), Ending.NOTICE),
        Service(date(2020, 1, 1), date(2024, 1, 1), D(8000), None, "other"),
    ],
)  # fmt: skip
def test_severance_that_cannot_be_is_refused(service: Service) -> None:
    with pytest.raises(Problem):
        severance(service, end())


wages = st.decimals(min_value="0.01", max_value="1000000", places=2)
hours = st.decimals(min_value=0, max_value=200, places=2)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@given(wages, hours, hours, hours, hours, st.sampled_from([HoursSystem.STANDARD, HoursSystem.COMPREHENSIVE]))
def test_more_hours_are_never_less_pay(
    wage: Decimal, weekday: Decimal, rest: Decimal, holiday: Decimal, more: Decimal, system: HoursSystem
) -> None:
    before = Worked(wage, system, weekday + 1, rest, holiday)
    after = Worked(wage, system, weekday + 1 + min(more, D(100)), rest, holiday)
    assert overtime(after, pay()).total >= overtime(before, pay()).total
    assert overtime(Worked(wage + more, system, weekday + 1, rest, holiday), pay()).total >= (
        overtime(before, pay()).total
    )


@given(wages, hours, hours)
def test_overtime_is_the_sum_of_its_steps_and_within_half_a_fen_each(
    wage: Decimal, weekday: Decimal, holiday: Decimal
) -> None:
    done = overtime(Worked(wage, weekday=weekday + 1, holiday=holiday), pay())
    assert done.total == sum(step.result for step in done.steps[1:])
    exact = wage / D("21.75") / 8 * ((weekday + 1) * D("1.5") + holiday * 3)
    assert abs(done.total - exact) <= D("0.005") * (len(done.steps) - 1)
    assert done.total == done.total.quantize(D("0.01"))


@given(days, st.integers(0, 15000), st.integers(0, 400), wages)
def test_longer_service_is_never_less(first: date, length: int, longer: int, wage: Decimal) -> None:
    last, later = first + timedelta(days=length), first + timedelta(days=length + longer)
    assert years_counted(first, later) >= years_counted(first, last)
    rules = end("8000", "2500")
    assert severance(Service(first, later, wage), rules).total >= severance(Service(first, last, wage), rules).total


@given(days, st.integers(0, 15000))
def test_years_lie_within_half_a_year_of_the_calendar(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    months = months_worked(first, last)
    years = years_counted(first, last)
    assert years * 2 == int(years * 2)
    assert D(months) / 12 <= years <= D(months) / 12 + D("0.5")


@given(days, st.integers(200, 12 * 365), wages, wages)
def test_within_twelve_years_a_higher_wage_is_never_less(
    first: date, length: int, wage: Decimal, more: Decimal
) -> None:
    last = first + timedelta(days=length - 10)
    rules = end("8000", "2500")
    low, high = severance(Service(first, last, wage), rules), severance(Service(first, last, wage + more), rules)
    assert high.total >= low.total
    twice = severance(Service(first, last, wage, None, Ending.UNLAWFUL), rules)
    assert twice.total == 2 * low.total


def test_numbers_are_written_without_needless_zeros() -> None:
    assert [plain(D(one)) for one in ("21.750", "8.00", "0", "100", "-0")] == ["21.75", "8", "0", "100", "0"]
