"""The yearly tables of the demonstration: last year's frozen, this year's as it stands; inputs of allocation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from qiao.base.access import SYSTEM
from qiao.cli.demo.world import World
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.services import compute_year, contest_input, enter_input, freeze_year


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Compute both years; enter money and ways of districts and some base unions, one of them contested."""
    year = world.now.year
    last = date(year - 1, 12, 31)
    compute_year(now=world.now, year=year - 1)
    freeze_year(now=world.now, year=year - 1)
    compute_year(now=world.now, year=year)
    _enter(world, world.root, InputKind.BUDGET, Decimal(86_400_000), last, f"{last.year} 年度决算")
    _enter(world, world.root, InputKind.AT_BASE, Decimal(53_740_000), last, f"{last.year} 年度决算")
    for place, unit in enumerate(world.districts):
        _enter(world, unit, InputKind.PER_MEMBER, Decimal(310 + 23 * (place % 7)), last, f"{last.year} 年度决算")
        _enter(world, unit, InputKind.REMOTENESS, Decimal(15 + 9 * place), last, "公交线路时刻表")
        _enter(world, unit, InputKind.BUDGET, Decimal(5_200_000 - 240_000 * place), last, f"{last.year} 年度决算")
        _enter(world, unit, InputKind.AT_BASE, Decimal(3_150_000 - 190_000 * place), last, f"{last.year} 年度决算")
    held = None
    for place, unit in enumerate(world.bases[:12]):
        if place % 4 != 3:
            made = enter_input(
                actor=SYSTEM, now=world.now - timedelta(days=50), unit=unit, kind=InputKind.REMOTENESS,
                value=Decimal(20 + 7 * place), day=last, source="公交线路时刻表",
            )  # fmt: skip
            held = held or made
    if held is not None:
        contest_input(
            actor=world.actor("base_officer"), now=world.now - timedelta(days=9), input_id=held.pk,
            ground="直达公交线路已于去年停运，现在需要换乘，单程至少四十五分钟。",
        )  # fmt: skip
    return {}


def _enter(world: World, unit: Unit, kind: InputKind, value: Decimal, day: date, source: str) -> None:
    enter_input(
        actor=SYSTEM, now=world.now - timedelta(days=50), unit=unit, kind=kind, value=value, day=day, source=source
    )
