from __future__ import annotations

from datetime import date, datetime

import pytest

from qiao.base.access import SYSTEM, Actor, Grant, Refused, require
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.rules import actions_of
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.queries import member_counts, roster
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Person
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.queries import groups_below, line_above
from qiao.org.units.services import found_unit, path_segment

DAY = date(2020, 1, 1)


@pytest.fixture
def tree(db: None, now: datetime) -> dict[str, Unit]:
    def found(label: str, kind: UnitKind, parent: Unit | None) -> Unit:
        return found_unit(
            actor=SYSTEM, now=now, kind=kind, name=localized(label, label), label=label, parent=parent, founded=DAY
        )

    root = found("F", UnitKind.FEDERATION, None)
    one, two = found("D1", UnitKind.DISTRICT, root), found("D2", UnitKind.DISTRICT, root)
    return {
        "F": root,
        "D1": one,
        "D2": two,
        "B1": found("B1", UnitKind.BASE, one),
        "B2": found("B2", UnitKind.BASE, two),
    }


def test_rights_follow_the_subtree(tree: dict[str, Unit], now: datetime) -> None:
    account = open_account(actor=SYSTEM, now=now, email="Officer@x.example", display_name="o")
    grant_role(actor=SYSTEM, now=now, account=account, role=Role.ORG_OFFICER, unit=tree["D1"], since=DAY)
    actor = actor_for(account, now.date())
    require(actor, "unit.found", tree["B1"].path)
    for elsewhere in ("F", "D2", "B2"):
        with pytest.raises(Refused):
            require(actor, "unit.found", tree[elsewhere].path)
    assert actor.paths("unit.found") == (tree["D1"].path,)
    with pytest.raises(Refused):
        found_unit(
            actor=actor, now=now, kind=UnitKind.BASE, name=localized("x"), label="X", parent=tree["D2"], founded=DAY
        )
    assert not Unit.objects.filter(label="X").exists()


def test_a_grant_begins_and_ends(tree: dict[str, Unit], now: datetime) -> None:
    account = open_account(actor=SYSTEM, now=now, email="o@x.example", display_name="o")
    grant = grant_role(
        actor=SYSTEM, now=now, account=account, role=Role.AUDITOR, unit=tree["F"], since=date(2026, 1, 1)
    )
    assert actor_for(account, date(2025, 12, 31)).grants == ()
    assert actor_for(account, date(2026, 1, 1)).holds("auditor")
    grant.until = date(2026, 3, 1)
    grant.save()
    assert actor_for(account, date(2026, 3, 1)).grants == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.SURVEY_OWNER, Role.SAMPLE_DRAWER),
        (Role.EVALUATOR, Role.TASK_OWNER),
        (Role.SYS_ADMIN, Role.EVALUATOR),
        (Role.SECRETARY, Role.COUNT_OFFICER),
        (Role.EDITOR, Role.PUBLISHER),
    ],
)
def test_roles_that_may_not_be_held_together(tree: dict[str, Unit], now: datetime, first: Role, second: Role) -> None:
    account = open_account(actor=SYSTEM, now=now, email="o@x.example", display_name="o")
    grant_role(actor=SYSTEM, now=now, account=account, role=first, unit=tree["D1"], since=DAY)
    # An evaluator comes from outside, and who runs the system sees all of it: there no distance helps.
    anywhere = {first, second} & {Role.EVALUATOR, Role.SYS_ADMIN}
    for unit in ("F", "D1", "B1", *(["D2", "B2"] if anywhere else [])):
        with pytest.raises(Problem):
            grant_role(actor=SYSTEM, now=now, account=account, role=second, unit=tree[unit], since=DAY)
    if not anywhere:
        grant_role(actor=SYSTEM, now=now, account=account, role=second, unit=tree["D2"], since=DAY)


def test_one_standing_a_person(tree: dict[str, Unit], now: datetime) -> None:
    person = Person.objects.create(name="云一")
    admit_member(actor=SYSTEM, now=now, person=person, unit=tree["B1"], employment=Employment.PLATFORM, since=DAY)
    with pytest.raises(Problem, match="already"):
        admit_member(actor=SYSTEM, now=now, person=person, unit=tree["B2"], employment=Employment.DIRECT, since=DAY)
    assert [row.employment for row in roster(tree["D1"].path)] == ["platform"]
    assert roster(tree["D2"].path) == []
    assert member_counts([tree["F"], tree["D1"], tree["D2"]]) == {tree["F"].pk: 1, tree["D1"].pk: 1, tree["D2"].pk: 0}


def test_the_tree_reads_both_ways(tree: dict[str, Unit]) -> None:
    assert [unit.label for unit in line_above(tree["B1"])] == ["F", "D1"]
    (group,) = groups_below(tree["F"], DAY)
    assert [(child.label, child.below) for child in group.units] == [("D1", 1), ("D2", 1)]


def test_a_unit_is_not_older_than_the_one_above(tree: dict[str, Unit], now: datetime) -> None:
    with pytest.raises(Problem, match="founded later"):
        found_unit(
            actor=SYSTEM,
            now=now,
            kind=UnitKind.BASE,
            name=localized("x"),
            label="X",
            parent=tree["D1"],
            founded=date(1899, 1, 1),
        )


def test_path_segments() -> None:
    assert path_segment(0) == "00000"
    assert path_segment(36**5 - 1) == "zzzzz"
    with pytest.raises(OverflowError):
        path_segment(36**5)


def test_an_actor_without_path_may_nothing() -> None:
    actor = Actor(account_id=1, grants=(Grant("auditor", 1, "00001", actions_of("auditor")),))
    assert actor.may("audit.read", "0000100002")
    assert not actor.may("audit.read", "00002")
    assert not actor.may("decision.take")
