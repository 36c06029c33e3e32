"""Roles that exclude each other: at the grant, and again at the act."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.test import Client
from tests.factories.org import DAY, Tree, make_tree

from qiao.base.access import SYSTEM, Grant
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.queries import actor_for, compatible
from qiao.org.access.rules import BARS, ROLES_BY_ACTION, Scope, actions_of, bar_between
from qiao.org.access.services import grant_role


@pytest.fixture
def place(db: None, now) -> Tree:
    return make_tree(now)


@pytest.mark.parametrize(("role", "other"), combinations(Role, 2))
def test_every_pair_is_granted_or_refused_as_the_table_says(place: Tree, role: Role, other: Role) -> None:
    account = place.account(role, "D1", "one")
    near, far = bar_between(role, other, near=True), bar_between(role, other, near=False)
    if near:
        with pytest.raises(Problem, match=str(near.reason)[:30]):
            grant_role(actor=SYSTEM, now=place.now, account=account, role=other, unit=place["B1"], since=DAY)
    else:
        grant_role(actor=SYSTEM, now=place.now, account=account, role=other, unit=place["B1"], since=DAY)
    if far:
        with pytest.raises(Problem):
            grant_role(actor=SYSTEM, now=place.now, account=account, role=other, unit=place["D2"], since=DAY)
    else:
        grant_role(actor=SYSTEM, now=place.now, account=account, role=other, unit=place["D2"], since=DAY)


def test_what_slipped_past_the_grant_lies_still_at_the_act(place: Tree) -> None:
    account = place.account(Role.TASK_OWNER, "D1", "one")
    RoleGrant.objects.create(account=account, role=Role.AUDITOR, unit=place["B1"], since=DAY)
    actor = actor_for(account, place.now.date())
    assert actor.may("project.report", place["B1"].path)
    assert not actor.may("project.verify", place["B1"].path)
    assert not actor.may("audit.read")


def test_the_same_roles_in_units_apart_both_work() -> None:
    grants = [
        Grant("editor", 1, "aaaaa00001", actions_of("editor")),
        Grant("publisher", 2, "aaaaa00002", actions_of("publisher")),
    ]
    assert all(grant.actions for grant in compatible(grants))


def test_who_runs_the_machines_reads_nothing_of_people() -> None:
    mine = actions_of(Role.SYS_ADMIN)
    assert not any(
        action.split(".")[0] in {"member", "person", "contact", "ballot", "evaluation", "group"} for action in mine
    )
    assert len(ROLES_BY_ACTION) > 30


def test_the_page_tells_the_table_in_both_languages(place: Tree, client: Client) -> None:
    english = client.get("/access/", headers={"accept-language": "en"}).content.decode()
    chinese = client.get("/access/", headers={"accept-language": "zh-hans"}).content.decode()
    assert english.count("<details>") == len(Role)
    assert "A text is released by somebody who did not write it." in english
    assert "released by somebody" not in chinese
    assert {bar.scope for bar in BARS} == set(Scope)


def test_own_roles_are_listed_with_their_days(place: Tree) -> None:
    page = place.client(Role.EDITOR, "D1").get("/access/mine/").content.decode()
    assert "Editor" in page
    assert "D1 Union" in page
