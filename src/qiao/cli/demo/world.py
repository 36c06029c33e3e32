"""Units, people, members, officers of the demonstration (handbook model: 12 districts, 60 hubs, 1,800 base unions).

All places and names are invented. The small size keeps the shape at one hundredth of the members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import connection

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment, Standing
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account
from qiao.org.units.choices import Axis, Relation, UnitKind, UnitState
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.services import found_unit, path_segment

#: Password of every demonstration account, printed at the start.
PASSWORD = "bridge-demo-2026"
SEED = 20260501


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the federation is built."""

    districts: int
    hubs_per_district: int
    bases: int
    members: int


SHAPES: Mapping[str, Shape] = {
    "small": Shape(districts=4, hubs_per_district=2, bases=40, members=2_200),
    "full": Shape(districts=12, hubs_per_district=5, bases=1_800, members=220_000),
}
DISTRICTS = (
    ("青禾区", "Qinghe District"),
    ("石渡区", "Shidu District"),
    ("云岭区", "Yunling District"),
    ("临江区", "Linjiang District"),
    ("南桥区", "Nanqiao District"),
    ("白沙区", "Baisha District"),
    ("松湾区", "Songwan District"),
    ("柳浦区", "Liupu District"),
    ("东塬区", "Dongyuan District"),
    ("金麓区", "Jinlu District"),
    ("双汀区", "Shuangting District"),
    ("北栈区", "Beizhan District"),
)
#: Shares of members, in per cent (handbook 4.2).
DISTRICT_SHARES = (15, 13, 11, 10, 9, 8, 8, 7, 6, 5, 4.5, 3.5)
HUBS = (
    ("河口园区", "Hekou Park"),
    ("老街", "Old Street"),
    ("新港", "New Port"),
    ("东门", "East Gate"),
    ("西堤", "West Dyke"),
)
SECTORS = (
    ("制造业", "manufacturing", 30),
    ("建筑业", "building", 9),
    ("交通运输和快递业", "transport and delivery", 12),
    ("商贸餐饮业", "trade and catering", 14),
    ("教育", "education", 10),
    ("医疗卫生", "health", 8),
    ("机关和公用事业", "administration and utilities", 9),
    ("金融科技和其他", "finance, technology and other", 8),
)
BASE_NAMES = {
    0: (
        ("精密机件厂", "Precision Parts Works"),
        ("纺织厂", "Textile Mill"),
        ("电子厂", "Electronics Works"),
        ("家具厂", "Furniture Works"),
    ),
    1: (("建筑公司", "Construction"), ("市政工程公司", "Civil Works")),
    2: (("公交公司", "Bus Company"), ("快递站", "Courier Station"), ("货运公司", "Freight Company")),
    3: (("百货公司", "Department Store"), ("餐饮公司", "Catering Company"), ("超市", "Supermarket")),
    4: (("中学", "Secondary School"), ("小学", "Primary School")),
    5: (("人民医院", "Hospital"), ("社区卫生中心", "Community Clinic")),
    6: (("自来水公司", "Waterworks"), ("环卫所", "Sanitation Office")),
    7: (("软件公司", "Software Company"), ("物业公司", "Property Services")),
}
PREFIXES = (
    ("禾丰", "Hefeng"),
    ("远帆", "Yuanfan"),
    ("长汀", "Changting"),
    ("启明", "Qiming"),
    ("永和", "Yonghe"),
    ("星桥", "Xingqiao"),
    ("同济湾", "Tongji Bay"),
    ("海棠", "Haitang"),
    ("广源", "Guangyuan"),
    ("林泉", "Linquan"),
    ("华田", "Huatian"),
    ("宏川", "Hongchuan"),
)
SURNAMES = "桥河江湖林石田云溪松柏梅竹兰禾"
GIVEN = (
    "一诺",
    "晓舟",
    "安平",
    "明远",
    "思齐",
    "小满",
    "知秋",
    "立夏",
    "青禾",
    "若水",
    "长风",
    "子墨",
    "春晓",
    "向阳",
    "望舒",
    "清和",
)
OFFICERS: tuple[tuple[Role, str, str], ...] = (
    (Role.ORG_OFFICER, "石明远", "org"),
    (Role.SURVEY_OWNER, "林晓舟", "survey"),
    (Role.SAMPLE_DRAWER, "田安平", "drawer"),
    (Role.ANALYST, "云知秋", "analyst"),
    (Role.SECRETARY, "江若水", "secretary"),
    (Role.EXECUTIVE, "松立夏", "executive"),
    (Role.COUNT_OFFICER, "竹清和", "count"),
    (Role.TASK_OWNER, "湖向阳", "owner"),
    (Role.EVALUATOR, "望舒研究所", "evaluator"),
    (Role.EDITOR, "梅春晓", "editor"),
    (Role.PUBLISHER, "柏长风", "publisher"),
    (Role.AUDITOR, "溪子墨", "auditor"),
    (Role.SYS_ADMIN, "兰小满", "admin"),
)


@dataclass(frozen=True, slots=True)
class World:
    """The ground the later stages of the demonstration stand on."""

    now: datetime
    size: str
    root: Unit
    districts: tuple[Unit, ...]
    hubs: tuple[Unit, ...]
    bases: tuple[Unit, ...]
    accounts: Mapping[str, Account]
    member_accounts: tuple[Account, ...]
    rng: np.random.Generator = field(repr=False)

    def account(self, role: str) -> Account:
        """The account that holds the role at the root (base_officer: at the first base union)."""
        return self.accounts[role]

    def actor(self, role: str) -> Actor:
        """The actor behind `account`."""
        return actor_for(self.accounts[role], self.now.date())

    @property
    def members(self) -> tuple[Actor, ...]:
        """Members with accounts, as actors: the first is the one the sign-in page offers."""
        return tuple(actor_for(account, self.now.date()) for account in self.member_accounts)


def build(*, now: datetime, size: str) -> World:
    """Found the federation and fill it. Idempotence is the caller's: run on an empty database only."""
    shape = SHAPES[size]
    rng = np.random.default_rng(SEED)
    day = (now - timedelta(days=900)).date()
    root = found_unit(
        actor=SYSTEM,
        now=now,
        kind=UnitKind.FEDERATION,
        label="EBF",
        parent=None,
        founded=date(1998, 5, 1),
        name=localized("例桥总工会", "Example Bridge Federation of Trade Unions"),
    )
    districts: list[Unit] = []
    hubs: list[Unit] = []
    for number, (zh, en) in enumerate(DISTRICTS[: shape.districts], 1):
        district = found_unit(
            actor=SYSTEM,
            now=now,
            kind=UnitKind.DISTRICT,
            label=f"EBF-D{number:02}",
            parent=root,
            founded=date(1999, 5, 1),
            name=localized(f"{zh}总工会", f"{en} Federation"),
        )
        districts.append(district)
        for place in range(shape.hubs_per_district):
            hub_zh, hub_en = HUBS[place]
            serial = len(hubs) + 1
            hubs.append(
                found_unit(
                    actor=SYSTEM,
                    now=now,
                    kind=UnitKind.HUB,
                    label=f"EBF-D{number:02}-H{serial:02}",
                    parent=district,
                    founded=date(2008, 3, 1),
                    name=localized(f"{zh[:-1]}{hub_zh}工会", f"{en.removesuffix(' District')} {hub_en} Hub Union"),
                )
            )
    bases = _found_bases(shape=shape, rng=rng, hubs=hubs, districts=len(districts))
    _admit_members(shape=shape, rng=rng, bases=bases, day=day)
    accounts = _open_officers(now=now, day=day, root=root, bases=bases)
    members = _open_members(now=now, bases=bases)
    # One slow hash for all: a sound hash takes its time, and fifty of them would be half the wait.
    Account.objects.update(password=make_password(PASSWORD))
    return World(now, size, root, tuple(districts), tuple(hubs), tuple(bases), accounts, members, rng)


def _found_bases(*, shape: Shape, rng: np.random.Generator, hubs: list[Unit], districts: int) -> list[Unit]:
    """Base unions by COPY-sized inserts: 1,800 single services would take a minute."""
    shares = np.array(DISTRICT_SHARES[:districts])
    sector_shares = np.array([share for _zh, _en, share in SECTORS])
    sectors = rng.choice(len(SECTORS), size=shape.bases, p=sector_shares / sector_shares.sum())
    homes = rng.choice(districts, size=shape.bases, p=shares / shares.sum())
    per_district = len(hubs) // districts
    bases = []
    for serial in range(shape.bases):
        hub = hubs[int(homes[serial]) * per_district + serial % per_district]
        names = BASE_NAMES[int(sectors[serial])]
        zh, en = names[serial % len(names)]
        prefix_zh, prefix_en = PREFIXES[serial % len(PREFIXES)]
        ordinal = serial // len(PREFIXES) + 1
        joint = serial % 10 == 9
        name = (
            localized(f"{prefix_zh}第{ordinal}联合工会", f"{prefix_en} Joint Union {ordinal}")
            if joint
            else localized(f"{prefix_zh}{zh}{ordinal}分会", f"{prefix_en} {en} Union {ordinal}")
        )
        bases.append(
            Unit(
                path=f"new-{serial}",
                parent=hub,
                label=f"{hub.label}-B{serial + 1:04}",
                name=name,
                founded=date(2012, 6, 1),
                kind=UnitKind.JOINT_BASE if joint else UnitKind.BASE,
                state=UnitState.ACTIVE,
            )
        )
    Unit.objects.bulk_create(bases)
    for base in bases:
        base.path = (base.parent.path if base.parent else "") + path_segment(base.pk)
    Unit.objects.bulk_update(bases, ["path"], batch_size=500)
    UnitLink.objects.bulk_create(
        [
            UnitLink(unit=base, above=base.parent, axis=Axis.PLACE, relation=Relation.LEADS, since=base.founded)
            for base in bases
            if base.parent
        ]
    )
    return bases


def _admit_members(*, shape: Shape, rng: np.random.Generator, bases: list[Unit], day: date) -> None:
    """Persons and memberships by COPY; sizes near log-normal as in the handbook's table."""
    weights = rng.lognormal(mean=0.0, sigma=0.9, size=len(bases))
    # Every union has at least a dozen members; the rest is spread by size.
    counts = 12 + rng.multinomial(shape.members - 12 * len(bases), weights / weights.sum())
    kinds = [Employment.DIRECT, Employment.AGENCY, Employment.PLATFORM, Employment.FREELANCE]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('people_person_id_seq', 1000), setval('membership_membership_id_seq', 1000)")
        with cursor.copy("COPY people_person (id, name, language) FROM STDIN") as copy:
            for serial in range(shape.members):
                copy.write_row((1001 + serial, invented_name(serial), "zh-hans"))
        with cursor.copy(
            "COPY membership_membership (id, person_id, unit_id, state, employment, since) FROM STDIN"
        ) as copy:
            serial = 0
            for base, count in zip(bases, counts, strict=True):
                for kind in rng.choice(4, size=int(count), p=[0.82, 0.09, 0.06, 0.03]):
                    copy.write_row(
                        (1001 + serial, 1001 + serial, base.pk, Standing.ACTIVE.value, kinds[int(kind)].value, day)
                    )
                    serial += 1
        last = 1000 + shape.members
        cursor.execute(
            "SELECT setval('people_person_id_seq', %s), setval('membership_membership_id_seq', %s)", [last, last]
        )
        cursor.execute("ANALYZE")


def invented_name(serial: int) -> str:
    """A name no real person is likely to bear: nature words, and a number from the third round on."""
    surname = SURNAMES[serial % len(SURNAMES)]
    given = GIVEN[(serial // len(SURNAMES)) % len(GIVEN)]
    rounds = serial // (len(SURNAMES) * len(GIVEN))
    return f"{surname}{given}" + (f"{rounds + 1}" if rounds else "")


def _open_officers(*, now: datetime, day: date, root: Unit, bases: list[Unit]) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    places: Iterator[tuple[Role, str, str, Unit]] = iter(
        [(role, name, box, root) for role, name, box in OFFICERS] + [(Role.BASE_OFFICER, "禾一诺", "base", bases[0])]
    )
    for role, name, box, unit in places:
        account = open_account(actor=SYSTEM, now=now, email=f"{box}@ebf.example", display_name=name)
        grant_role(actor=SYSTEM, now=now, account=account, role=role, unit=unit, since=day)
        accounts[role.value] = account
    return accounts


def _open_members(*, now: datetime, bases: list[Unit]) -> tuple[Account, ...]:
    """Forty members with accounts, spread over the unions: enough to speak, vote and judge in the later stages."""
    people = []
    for place in range(40):
        base = bases[place % len(bases)]
        person = Person.objects.filter(memberships__unit=base).order_by("pk")[place // len(bases)]
        people.append(person)
    return tuple(
        open_account(
            actor=SYSTEM,
            now=now,
            email="member@ebf.example" if number == 0 else f"member{number + 1}@ebf.example",
            display_name=person.name,
            person=person,
        )
        for number, person in enumerate(people)
    )
