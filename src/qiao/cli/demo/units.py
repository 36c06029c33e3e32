"""The tree of the demonstration on its second axis and through time: sector unions, proposals, a refusal, an end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.cli.demo.names import SECTORS
from qiao.cli.demo.world import World
from qiao.org.appeals.services import take_up_appeal
from qiao.org.units import services
from qiao.org.units.choices import Axis, Ending, LeadForm, Relation, UnitKind
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.services.imports import match_units, upload_units

#: Share of base unions that hold a sector link (handbook 4.2).
_LINKED = 0.4


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - asked so of every stage
    """Link, rename, propose, refuse and end units; the codes of the proposals."""
    _first_names()
    _sectors(world)
    _history(world)
    codes = _proposals(world)
    _ending(world)
    _table(world)
    return {"foundings": codes}


def _first_names() -> None:
    """Units founded in bulk have borne their names since their founding."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO units_unitname (unit_id, name, label, kind, since)"
            " SELECT id, name, label, kind, founded FROM units_unit u"
            " WHERE NOT EXISTS (SELECT 1 FROM units_unitname n WHERE n.unit_id = u.id)"
        )


def _sectors(world: World) -> None:
    unions = [
        services.found_unit(
            actor=SYSTEM,
            now=world.now,
            kind=UnitKind.SECTOR,
            label=f"EBF-S{chr(65 + number)}",
            parent=world.root,
            founded=date(2009, 6, 1),
            name=localized(f"例桥市{zh}工会", f"Example Bridge Union of {en.capitalize()}"),
        )
        for number, (zh, en, _share) in enumerate(SECTORS)
    ]
    shares = [share for _zh, _en, share in SECTORS]
    linked = [base for base in world.bases if world.rng.random() < _LINKED]
    places = world.rng.choice(len(unions), size=len(linked), p=[share / sum(shares) for share in shares])
    UnitLink.objects.bulk_create(
        UnitLink(
            unit=base,
            above=unions[int(place)],
            axis=Axis.SECTOR,
            relation=Relation.LEADS if number % 5 == 0 else Relation.GUIDES,
            since=max(base.founded, date(2012, 3, 1)),
        )
        for number, (base, place) in enumerate(zip(linked, places, strict=True))
    )


def _history(world: World) -> None:
    """A hub that was called otherwise, a base union that stood elsewhere."""
    hub = world.hubs[1]
    services.rename_unit(
        actor=SYSTEM, now=world.now - timedelta(days=300), unit=hub,
        name=localized(f"{hub.name['zh-hans'].removesuffix('工会')}联合工会", f"{hub.name['en']} (United)"),
    )  # fmt: skip
    moved = Unit.objects.filter(pk__in=[base.pk for base in world.bases], parent=world.hubs[2]).order_by("-pk").first()
    if moved is not None:
        services.move_unit(
            actor=SYSTEM, now=world.now - timedelta(days=200), unit=moved, above=world.hubs[3],
            since=(world.now - timedelta(days=200)).date(),
        )  # fmt: skip


def _proposals(world: World) -> dict[str, str]:
    office = world.actor("org_officer")
    made: dict[str, str] = {}
    for key, role, days, zh, en, people in (
        ("waiting", "base_chair", 6, "新风冷链公司", "Xinfeng Cold Chain", 74),
        ("late", "hub_organiser", 40, "云杉家政公司", "Spruce Home Services", 31),
        ("preparing", "hub_organiser", 50, "半坡咖啡连锁店", "Banpo Coffee", 46),
        ("ready", "base_chair", 60, "石榴软件公司", "Pomegranate Software", 120),
        ("refused", "base_chair", 30, "小满物业公司", "Xiaoman Property Care", 58),
        ("approved", "hub_organiser", 90, "青稞面包厂", "Highland Bakery", 88),
    ):
        founding = services.propose_unit(
            actor=world.actor(role), now=world.now - timedelta(days=days), above=world.hubs[0], kind=UnitKind.BASE,
            name=localized(f"{zh}工会", f"{en} Union"), employers=[{"name": zh, "reg_code": ""}], headcount=people,
            founders=7, lead_form=LeadForm.COMMITTEE, prepares="职工筹备小组",
            planned=(world.now + timedelta(days=20)).date(),
            note="多数职工愿意加入，已开过一次碰头会。",
        )  # fmt: skip
        made[key] = founding.code
    for key, days in (("preparing", 44), ("ready", 52), ("approved", 80)):
        services.begin_preparing(actor=office, now=world.now - timedelta(days=days), code=made[key])
    for key, role, days, members in (("ready", "base_chair", 5, 61), ("approved", "hub_organiser", 50, 52)):
        services.report_prepared(
            actor=world.actor(role), now=world.now - timedelta(days=days), code=made[key], members=members
        )
    services.approve_unit(
        actor=office, now=world.now - timedelta(days=40), code=made["approved"],
        label=f"{world.hubs[0].label}-B9001", founded=(world.now - timedelta(days=40)).date(),
    )  # fmt: skip
    services.refuse_unit(
        actor=office, now=world.now - timedelta(days=20), code=made["refused"],
        reason="该物业公司所在园区已有联合基层工会，建议先加入联合工会。",
    )  # fmt: skip
    appeal = services.appeal_refusal(
        actor=world.actor("base_chair"), now=world.now - timedelta(days=14), code=made["refused"],
        ground="园区联合工会不覆盖物业公司，职工58人，已超过应当建立工会委员会的人数。",
    )  # fmt: skip
    take_up_appeal(actor=world.actor("executive"), now=world.now - timedelta(days=9), code=appeal.code)
    return made


def _ending(world: World) -> None:
    """A base union whose employer has ended: its congress has decided, the unit above has not yet."""
    unit = world.bases[-1]
    services.ask_closing(
        actor=SYSTEM, now=world.now - timedelta(days=8), unit=unit, ending=Ending.EMPLOYER_ENDED,
        ground="企业已注销登记，职工已另行就业。",
        congress=services.CongressRecord(
            day=(world.now - timedelta(days=12)).date(), entitled=24, present=20, votes_for=18,
            record="会员大会记录（档案柜3）",
        ),
        planned=(world.now + timedelta(days=20)).date(),
    )  # fmt: skip


def _table(world: World) -> None:
    """A table of units that waits for the second person, with rows that cannot be taken."""
    above = world.hubs[0].label
    lines = [
        "编号,工会名称,类别,上级工会编号,成立日期,职工人数,会员人数,民族",
        f"{above}-B9101,春分印务公司工会,基层工会,{above},2019年5月4日,６２,40,",
        f"{above}-B9102,谷雨茶业公司工会,基层工会,{above},2021-03-05,30,35,",
        f"{above}-B9103,芒种农机公司工会,联合基层工会,{above}-B9199,2022/7/1,80,61,",
        f"{above}-B9104,白露酒店工会,企业工会,{above},2020.9.8,90,77,",
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder, "新建工会.csv")
        file.write_text("\n".join(lines) + "\n", encoding="gb18030")
        batch = upload_units(actor=SYSTEM, now=world.now - timedelta(days=2), unit=world.hubs[0], file=file)
    match_units(
        actor=SYSTEM, now=world.now - timedelta(days=2), code=batch.code,
        mapping={column["header"]: column["field"] for column in batch.columns},
    )  # fmt: skip
