"""Moving units: one leading parent a day, no circle, nothing lost, whatever the order of moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.org import DAY, Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.services import dissolve_unit
from qiao.org.membership.queries import member_count, membership_of
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.queries import groups_below, line_above_on
from qiao.org.units.services import close_unit, found_unit, move_unit, rename_unit

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
MARCH = date(2026, 3, 1)


def _below(unit: Unit, day: date) -> list[tuple[str, int]]:
    return [(row.label, row.below) for group in groups_below(unit, day) for row in group.units]


def test_a_subtree_moves_as_one_and_the_past_stays(org: Tree) -> None:
    org.member("B1", "云一")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        move_unit(actor=SYSTEM, now=NOW, unit=org["H1"], above=org["D2"], since=MARCH)
    rewrites = [q for q in queries if q["sql"].startswith('UPDATE "units_unit" SET "path"')]
    assert len(rewrites) == 1
    assert org["B1"].path.startswith(org["D2"].path + org["H1"].path[-5:])
    assert org["H1"].parent == org["D2"]
    assert (member_count(org["D1"].path), member_count(org["D2"].path), member_count(org["F"].path)) == (0, 1, 1)
    before, after = MARCH - timedelta(days=1), MARCH
    assert [unit.label for unit in line_above_on(org["B1"], before)] == ["F", "D1", "H1"]
    assert [unit.label for unit in line_above_on(org["B1"], after)] == ["F", "D2", "H1"]
    assert _below(org["F"], before) == [("D1", 1), ("D2", 1)]
    assert _below(org["F"], after) == [("D1", 0), ("D2", 2)]
    assert AuditRow.objects.filter(action="unit.move", code="H1").count() == 1


def test_moving_where_it_stands_changes_nothing(org: Tree) -> None:
    for _twice in range(2):
        move_unit(actor=SYSTEM, now=NOW, unit=org["H1"], above=org["D2"], since=MARCH)
    assert UnitLink.objects.filter(unit=org["H1"]).count() == 2
    assert AuditRow.objects.filter(action="unit.move").count() == 1


@pytest.mark.parametrize(
    ("unit", "above", "since", "says"),
    [
        ("D1", "H1", MARCH, "cannot stand below|circle"),
        ("F", "D1", MARCH, "top cannot be moved"),
        ("H1", "B2", MARCH, "cannot stand below"),
        ("H1", "D2", date(2026, 5, 12), "not before"),
        ("H1", "D2", date(2019, 12, 31), "not founded yet"),
    ],
)
def test_moves_that_cannot_be(org: Tree, unit: str, above: str, since: date, says: str) -> None:
    paths = dict(Unit.objects.values_list("label", "path"))
    with pytest.raises(Problem, match=says):
        move_unit(actor=SYSTEM, now=NOW, unit=org[unit], above=org[above], since=since)
    assert dict(Unit.objects.values_list("label", "path")) == paths
    assert UnitLink.objects.count() == 5


def test_a_circle_on_an_earlier_day_is_one_too(org: Tree) -> None:
    """H2 stood below H1 in March; H1 cannot be put below H2 from February, though H2 has left since."""
    for label in ("H2",):
        found_unit(
            actor=SYSTEM, now=NOW, kind=UnitKind.HUB, name=localized("x"), label=label, parent=org["D2"], founded=DAY
        )
    move_unit(actor=SYSTEM, now=NOW, unit=org["H2"], above=org["H1"], since=MARCH)
    move_unit(actor=SYSTEM, now=NOW, unit=org["H2"], above=org["D2"], since=date(2026, 4, 1))
    with pytest.raises(Problem, match="circle"):
        move_unit(actor=SYSTEM, now=NOW, unit=org["H1"], above=org["H2"], since=date(2026, 2, 1))
    move_unit(actor=SYSTEM, now=NOW, unit=org["H1"], above=org["H2"], since=date(2026, 4, 1))
    assert [unit.label for unit in line_above_on(org["B1"], date(2026, 4, 1))] == ["F", "D2", "H2", "H1"]


def test_a_unit_moves_only_by_those_above_both_places(org: Tree) -> None:
    for officer in (org.officer(Role.ORG_OFFICER, "D1"), org.officer(Role.ORG_OFFICER, "H1", "hub")):
        with pytest.raises(Refused):
            move_unit(actor=officer, now=NOW, unit=org["H1"], above=org["D2"], since=MARCH)
    with pytest.raises(Refused):
        rename_unit(actor=org.officer(Role.ORG_OFFICER, "H1", "hub"), now=NOW, unit=org["H1"], name=localized("y"))
    move_unit(actor=org.officer(Role.ORG_OFFICER, "F"), now=NOW, unit=org["H1"], above=org["D2"], since=MARCH)


def test_founding_reads_the_path_anew(org: Tree) -> None:
    """An officer whose page still has the old place of the unit above founds under the new one."""
    stale = org["H1"]
    move_unit(actor=SYSTEM, now=NOW, unit=org["H1"], above=org["D2"], since=MARCH)
    made = found_unit(
        actor=SYSTEM, now=NOW, kind=UnitKind.BASE, name=localized("新"), label="B9", parent=stale, founded=MARCH
    )
    assert made.path.startswith(org["H1"].path)


def test_closing_keeps_every_standing(org: Tree) -> None:
    member = org.member("B1", "云一")
    account = org.account(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="Open units stand below"):
        dissolve_unit(actor=SYSTEM, now=NOW, unit=org["H1"], day=MARCH)
    dissolve_unit(actor=SYSTEM, now=NOW, unit=org["B1"], day=MARCH)
    dissolve_unit(actor=SYSTEM, now=NOW, unit=org["B1"], day=MARCH)
    assert (org["B1"].state, org["B1"].closed) == (UnitState.CLOSED, MARCH)
    standing = membership_of(member.person_id)
    assert (standing.unit, standing.state, standing.since) == (org["H1"], "retained", MARCH)
    assert account.grants.get().until is not None
    assert _below(org["H1"], NOW.date()) == []
    assert _below(org["H1"], MARCH - timedelta(days=1)) == [("B1", 0)]
    with pytest.raises(Problem, match="closed"):
        org.member("B1", "云二")


def test_only_the_unit_above_closes(org: Tree) -> None:
    with pytest.raises(Refused):
        close_unit(actor=org.officer(Role.ORG_OFFICER, "B1", "self"), now=NOW, unit=org["B1"], day=MARCH)
