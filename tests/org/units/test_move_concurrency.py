"""Officers at the same time, in real transactions: no circle, no unit left behind, no member twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections
from tests.factories.org import DAY, make_tree, write, xlsx

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.services import admit_worker, confirm_batch, hand_over, match_columns, upload_table
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.services import found_unit, move_unit

MARCH = date(2026, 3, 1)
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; results, or the Problem each met."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait(timeout=10)
        try:
            return act()
        except Problem as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def check_tree() -> None:
    """Paths, parents and open links say the same."""
    for unit in Unit.objects.select_related("parent"):
        if unit.parent is None:
            continue
        assert unit.path[:-5] == unit.parent.path
        assert UnitLink.objects.get(unit=unit, until__isnull=True).above_id == unit.parent_id


def test_two_moves_do_not_close_a_circle(now: datetime) -> None:
    org = make_tree(now)
    found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.HUB, name=localized("二"), label="H2", parent=org["D2"], founded=DAY
    )
    h1, h2 = org["H1"], org["H2"]
    done = at_once(
        lambda: move_unit(actor=SYSTEM, now=now, unit=h1, above=h2, since=MARCH),
        lambda: move_unit(actor=SYSTEM, now=now, unit=h2, above=h1, since=MARCH),
    )
    assert sorted(type(one).__name__ for one in done) == ["Problem", "Unit"]
    check_tree()


def test_a_unit_founded_during_a_move_moves_with_it(now: datetime) -> None:
    org = make_tree(now)
    h1 = org["H1"]

    def found(number: int) -> Callable[[], object]:
        return lambda: found_unit(
            actor=SYSTEM, now=now, kind=UnitKind.BASE, name=localized("新"), label=f"N{number}", parent=h1, founded=DAY
        )

    for turn in range(3):
        above = org["D2"] if turn % 2 == 0 else org["D1"]
        day = date(2026, 3, 1 + turn)
        at_once(
            lambda above=above, day=day: move_unit(actor=SYSTEM, now=now, unit=h1, above=above, since=day),  # type: ignore[misc]
            found(turn * 10),
            found(turn * 10 + 1),
        )
    assert Unit.objects.filter(parent=h1, label__startswith="N").count() == 6
    check_tree()


def test_one_confirmation_counts(now: datetime, tmp_path: Path) -> None:
    org = make_tree(now)
    first, second = (org.officer(Role.BASE_OFFICER, "D1", name) for name in ("first", "second"))
    file = write(tmp_path, "a.xlsx", xlsx([("姓名", "入会日期"), *((f"云{n}", "2020-01-01") for n in range(50))]))
    batch = upload_table(actor=first, now=now, unit=org["D1"], file=file)
    match_columns(
        actor=first,
        now=now,
        code=batch.code,
        mapping={"姓名": "name", "入会日期": "since"},
        employment=Employment.DIRECT,
    )
    hand_over(actor=first, now=now, code=batch.code)
    unit = org["D1"]
    at_once(
        *[lambda: confirm_batch(actor=second, now=now, code=batch.code)] * 3,
        lambda: admit_worker(actor=first, now=now, unit=unit, name="云7", employment=Employment.DIRECT, since=DAY),
    )
    assert Membership.objects.count() == 50
    assert Membership.objects.filter(person__name="云7").count() == 1
