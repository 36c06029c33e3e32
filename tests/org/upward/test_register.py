"""The register of what is asked of the base: a new report ends an old one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.org import Tree, make_tree

from qiao.base.access import Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.units.choices import UnitKind
from qiao.org.upward import queries, services
from qiao.org.upward.models import ReportDemand

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def register(tree: Tree, **given: object) -> ReportDemand:
    today = tree.now.date()
    content: dict[str, object] = {
        "unit": tree["D1"], "title": localized("季度报表", "Quarterly report"), "purpose": localized("看", "Why"),
        "asked_of": UnitKind.BASE, "minutes": 40, "times": 4, "begins": today, "ends": today + timedelta(days=200),
        "existing_since": today - timedelta(days=400), **given,
    }  # fmt: skip
    return services.register_demand(actor=tree.officer(Role.SECRETARY, "D1"), now=tree.now, **content)


def test_a_new_report_ends_an_old_one_with_a_weeks_notice(tree: Tree) -> None:
    today = tree.now.date()
    old = register(tree)
    with pytest.raises(Problem, match="ends an old one"):
        register(tree, existing_since=None, begins=today + timedelta(days=8))
    with pytest.raises(Problem, match="7 days before"):
        register(tree, existing_since=None, replaces=old, begins=today + timedelta(days=6))
    new = register(tree, existing_since=None, replaces=old, begins=today + timedelta(days=7), minutes=10)
    old.refresh_from_db()
    assert old.ends == new.begins
    with pytest.raises(Problem, match="not replaced yet"):
        register(tree, existing_since=None, replaces=old, begins=today + timedelta(days=9))
    assert queries.burden_of(tree["B1"], on=today).hours == pytest.approx(40 * 4 / 60)
    assert queries.burden_of(tree["B1"], on=new.begins).hours == pytest.approx(10 * 4 / 60)
    assert queries.burden_of(tree["B2"], on=today).demands == 0
    assert queries.burden_of(tree["H1"], on=today).demands == 0


def test_what_is_young_is_not_taken_over(tree: Tree) -> None:
    with pytest.raises(Problem, match="taken over"):
        register(tree, existing_since=tree.now.date() - timedelta(days=100))


def test_it_ends_by_itself(tree: Tree) -> None:
    today = tree.now.date()
    for ends in (today, today + timedelta(days=800)):
        with pytest.raises(Problem, match="ends by itself"):
            register(tree, ends=ends)
    demand = register(tree)
    services.end_demand(actor=tree.officer(Role.SECRETARY, "D1"), now=tree.now, code=demand.code)
    ended = services.end_demand(actor=tree.officer(Role.SECRETARY, "D1"), now=tree.now, code=demand.code)
    assert ended.ends == today + timedelta(days=1)


def test_only_the_asking_unit_registers_and_ends(tree: Tree) -> None:
    demand = register(tree)
    with pytest.raises(Refused):
        services.end_demand(actor=tree.officer(Role.SECRETARY, "D2"), now=tree.now, code=demand.code)


def test_the_register_is_open_and_says_what_a_union_is_asked(tree: Tree, client) -> None:
    register(tree)
    assert "Quarterly report" in client.get("/upward/asked/", headers={"accept-language": "en"}).text
    assert "2.7" in client.get("/upward/asked/?unit=B1", headers={"accept-language": "en"}).text
    assert client.get("/upward/asked/register.xlsx").content[:2] == b"PK"
