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
from qiao.cli.demo import register
from qiao.cli.demo.names import (
    BASE_NAMES,
    DISTRICT_SHARES,
    DISTRICTS,
    GIVEN,
    HUBS,
    OFFICERS,
    PREFIXES,
    SECTORS,
    SURNAMES,
)
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
    accounts = _open_officers(now=now, day=day, root=root, hubs=hubs, bases=bases)
    members = _open_members(now=now, bases=bases)
    # One slow hash for all: a sound hash takes its time, and fifty of them would be half the wait.
    Account.objects.update(password=make_password(PASSWORD))
    register.leave_work(now=now, bases=bases, officer=actor_for(accounts[Role.BASE_OFFICER.value], now.date()))
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
            "COPY membership_membership (id, person_id, unit_id, state, employment, since, transfer_confirmed)"
            " FROM STDIN"
        ) as copy:
            serial = 0
            for base, count in zip(bases, counts, strict=True):
                for kind in rng.choice(4, size=int(count), p=[0.82, 0.09, 0.06, 0.03]):
                    copy.write_row(
                        (1001 + serial, 1001 + serial, base.pk, Standing.ACTIVE.value, kinds[int(kind)].value, day, "")
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


def _open_officers(*, now: datetime, day: date, root: Unit, hubs: list[Unit], bases: list[Unit]) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    places: Iterator[tuple[Role, str, str, Unit]] = iter(
        [(role, name, box, root) for role, name, box in OFFICERS]
        + [
            (Role.BASE_OFFICER, "禾一诺", "base", bases[0]),
            (Role.BASE_CHAIR, "山佑宁", "chair", bases[0]),
            (Role.GROUP_LEADER, "溪若安", "group", bases[0]),
            (Role.HUB_ORGANISER, "舟向晚", "hub", hubs[0]),
        ]
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
