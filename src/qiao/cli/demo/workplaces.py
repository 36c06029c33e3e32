"""Employers of the demonstration: 8,600 in scope, 6,020 with a union (handbook 4.2); at the same shares in small."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from django.db import connection
from django.db.models import Count

from qiao.base.access import SYSTEM
from qiao.cli.demo.names import BASE_NAMES, HUBS, PREFIXES
from qiao.cli.demo.world import World
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.models import Employer, EmployerHeadcount, UnitEmployer
from qiao.org.workplaces.rules import check_sign
from qiao.org.workplaces.rules.regcode import ALPHABET
from qiao.org.workplaces.services import register_employer

#: Employers of a joint base union; share of employers with a union; members per worker there; and in all.
_PER_JOINT, _FORMED, _JOINED_IN, _JOINED_ALL = 24, 0.70, 0.96, 220 / 300
_SECTORS = tuple(Sector)
_SHARES = np.array((30, 9, 12, 14, 10, 8, 9, 8)) / 100
_SMALL = ("面馆", "理发店", "便利店", "汽修铺", "裁缝铺", "果蔬店", "打印店", "茶庄")


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Enter employers with headcounts of two years, and link those with a union to it."""
    rng = np.random.default_rng(42)
    members = dict(
        Membership.objects.filter(until__isnull=True, state__in=HOLDING)
        .order_by()
        .values_list("unit_id")
        .annotate(number=Count("pk"))
    )
    rows: list[tuple[Employer, int, Unit | None, date]] = []
    for place, base in enumerate(world.bases):
        if base.parent is None:
            continue
        workers = round(members.get(base.pk, 12) / _JOINED_IN)
        if place == 7:
            # One unit with more members than workers: its rate is blocked and listed.
            workers = members.get(base.pk, 12) - 3
        elif place % 3:
            workers = int(workers * rng.uniform(1.0, 1.06)) + 1
        else:
            workers = int(workers * rng.uniform(0.985, 1.0)) + 1
        count = _PER_JOINT if base.kind == UnitKind.JOINT_BASE else 1
        parts = 1 + rng.multinomial(max(workers - count, 0), np.full(count, 1 / count))
        since = date(2018 + place % 7, 3 + place % 9, 1)
        for number, part in enumerate(parts):
            rows.append((_employer(world, rng, len(rows), base.parent, base, number), int(part), base, since))
    formed = len(rows)
    free = round(formed / _FORMED) - formed
    missing = sum(members.values()) / _JOINED_ALL - sum(part for _e, part, _b, _s in rows)
    parts = 1 + rng.multinomial(max(int(missing) - free, 0), np.full(free, 1 / max(free, 1)))
    for number, part in enumerate(parts):
        hub = world.hubs[number % len(world.hubs)]
        rows.append((_employer(world, rng, len(rows), hub, None, number), int(part), None, world.now.date()))
    _write(world, rows)
    new = register_employer(
        actor=SYSTEM, now=world.now - timedelta(days=20), name="北汀冷链物流有限公司", place=world.hubs[0],
        sector=Sector.C, ownership=Ownership.PRIVATE, opened=world.now.date() - timedelta(days=260),
        office="园区物业服务中心转",
    )  # fmt: skip
    return {"new_employer": new.code}


def _employer(
    world: World, rng: np.random.Generator, serial: int, place: Unit, base: Unit | None, number: int
) -> Employer:
    sector = int(rng.choice(8, p=_SHARES))
    small = base is not None and base.kind == UnitKind.JOINT_BASE
    prefix = PREFIXES[(serial * 7 + number) % len(PREFIXES)][0]
    if base is not None and not small:
        zh = str(base.name.get("zh-hans", "")).replace("分会", "")
        name = zh
        sector = next((key for key, names in BASE_NAMES.items() if any(word in zh for word, _en in names)), sector)
    elif small:
        name = f"{HUBS[serial % len(HUBS)][0]}{prefix}{_SMALL[number % len(_SMALL)]}{serial}号"
        sector = 3
    else:
        kinds = BASE_NAMES[sector]
        name = f"{prefix}{kinds[serial % len(kinds)][0]}{serial}号"
    if sector in (4, 5):
        ownership = Ownership.INSTITUTION
    elif sector == 6:
        ownership = Ownership.OFFICE if serial % 2 else Ownership.STATE
    elif small:
        ownership = Ownership.SOLE
    else:
        ownership = (Ownership.PRIVATE, Ownership.SHARES, Ownership.PRIVATE, Ownership.FOREIGN, Ownership.COLLECTIVE)[
            serial % 5
        ]
    return Employer(
        reg_code=None if serial % 11 == 5 else _code(serial), name=name, ownership=ownership,
        sector=_SECTORS[sector], place=place, opened=date(1996 + serial % 27, 1 + serial % 12, 1),
        office="" if serial % 3 else "人力资源办公室总机", entered=world.now - timedelta(days=500),
        confirmed=world.now.date() - timedelta(days=serial % 400),
    )  # fmt: skip


def _code(serial: int) -> str:
    """A well-formed code of a district that does not exist."""
    signs = ""
    value = serial + 1_000
    for _place in range(9):
        value, rest = divmod(value, 31)
        signs = ALPHABET[rest] + signs
    body = f"92999901{signs}"
    return body + check_sign(body)


def _write(world: World, rows: list[tuple[Employer, int, Unit | None, date]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('qiao_code') FROM generate_series(1, %s)", [len(rows)])
        for (employer, *_rest), (number,) in zip(rows, cursor.fetchall(), strict=True):
            employer.code = f"V-{number}"
    Employer.objects.bulk_create([row[0] for row in rows], batch_size=2000)
    counts = []
    for serial, (employer, workers, union, _since) in enumerate(rows):
        if serial % 97 == 41 and union is None:
            continue
        agency, platform = -(-workers * 14 // 100), -(-workers * 11 // 100)
        for year, share in ((world.now.year - 1, 0.97), (world.now.year, 1.0)):
            whole = max(1, round(workers * share))
            counts.append(
                EmployerHeadcount(
                    employer=employer, day=date(year, 1, 1), direct=max(whole - agency - platform, 0),
                    agency=min(agency, whole), platform=min(platform, max(whole - agency, 0)),
                    source=CountSource.REGISTER if serial % 3 else CountSource.ANSWER, entered=world.now,
                )
            )  # fmt: skip
    EmployerHeadcount.objects.bulk_create(counts, batch_size=4000)
    UnitEmployer.objects.bulk_create(
        [
            UnitEmployer(unit=base, employer=employer, since=since, entered=world.now)
            for employer, _workers, base, since in rows
            if base is not None
        ],
        batch_size=4000,
    )
    # Members of a union of one employer follow that employer.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE membership_membership m SET employer_id = l.employer_id FROM workplaces_unitemployer l"
            " JOIN units_unit u ON u.id = l.unit_id WHERE m.unit_id = l.unit_id AND u.kind = 'base'"
            " AND m.until IS NULL AND m.employer_id IS NULL AND m.employment <> 'freelance'"
        )
        cursor.execute("ANALYZE workplaces_employer, workplaces_employerheadcount, workplaces_unitemployer")
