"""The yearly tables of the demonstration: last year's frozen, this year's as it stands; inputs of allocation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.timezone import make_aware

from qiao.base.access import SYSTEM
from qiao.cli.demo.world import World
from qiao.org.settings.services import set_value
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import InputKind, Verdict
from qiao.org.yearbook.rules.settings import ASSURER, ASSURER_ABOVE
from qiao.org.yearbook.services import assure_register, compute_year, contest_input, enter_input, freeze_year


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Compute both years; enter money and ways of districts and some base unions, one of them contested."""
    year = world.now.year
    last = date(year - 1, 12, 31)
    compute_year(now=world.now, year=year - 1)
    freeze_year(now=world.now, year=year - 1)
    compute_year(now=world.now, year=year)
    _assure(world, year - 1)
    _enter(world, world.root, InputKind.BUDGET, Decimal(86_400_000), last, f"{last.year} 年度决算")
    _enter(world, world.root, InputKind.AT_BASE, Decimal(53_740_000), last, f"{last.year} 年度决算")
    _enter(world, world.root, InputKind.SHOWS, Decimal(4_310_000), last, f"{last.year} 年度决算")
    _enter(world, world.root, InputKind.RIGHTS_AID, Decimal(9_870_000), last, f"{last.year} 年度决算")
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


def _assure(world: World, year: int) -> None:
    """The federation binds itself to a check of its register from outside; a district's one is still awaited."""
    since = date(year, 3, 1)
    for setting, value in ((ASSURER, True), (ASSURER_ABOVE, 100)):
        set_value(
            actor=world.actor("org_officer"), now=make_aware(datetime.combine(since, time(9))), setting_key=setting.key,
            unit=world.root, value=value, since=since, reason="代表大会决定：会员名册每年请外部机构核查",
        )  # fmt: skip
    assure_register(
        actor=world.actor("auditor"), now=world.now - timedelta(days=20), unit=world.root, year=year,
        assurer="清衡会计师事务所", appointment=f"{year} 年代表大会", verdict=Verdict.ADEQUATE, checked=400, wrong=9,
        reasons="按编号随机抽取四百份会籍，逐一请本人或其所在工会核对。九份有出入：六人已调离未转会籍，三人姓名有错字。"
        "入会、转会、退会均有本人申请可查。建议每半年请会员核对一次联系方式。",
    )  # fmt: skip
