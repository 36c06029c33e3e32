"""Granting and ending roles through the page, and the buttons of the unit's page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.queries import actor_for
from qiao.org.access.services import end_grant, grant_role
from qiao.org.people.models import Account

TODAY = "2026-05-11"


def test_an_address_without_account_gets_one_with_the_role(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "D1")
    form = {"email": "Neu@x.example", "display_name": "", "role": "editor", "since": TODAY, "until": ""}
    assert "write the name too" in client.post("/units/B1/officers/", form).content.decode()
    assert client.post("/units/B1/officers/", {**form, "display_name": "梅春晓"}).status_code == 302
    account = Account.objects.get(email="neu@x.example")
    assert actor_for(account, date(2026, 5, 11)).may("article.write", org["B1"].path)
    # Publisher beside editor: refused, with the reason.
    answer = client.post("/units/H1/officers/", {**form, "role": "publisher"}).content.decode()
    assert "may not be held by one person" in answer
    assert RoleGrant.objects.filter(account=account).count() == 1
    assert client.post("/units/B2/officers/", form).status_code == 403


def test_a_failed_grant_opens_no_account(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "D1")
    form = {"email": "x@x.example", "display_name": "x", "role": "editor", "since": TODAY, "until": "2026-05-01"}
    assert "must end after it begins" in client.post("/units/B1/officers/", form).content.decode()
    assert not Account.objects.filter(email="x@x.example").exists()


def test_ending_is_at_once_and_twice_is_once(org: Tree) -> None:
    account = org.account(Role.ORG_OFFICER, "D1")
    client = Client()
    client.force_login(account)
    grant = grant_role(
        actor=SYSTEM, now=org.now, account=org.account(Role.EDITOR, "B2"), role=Role.EDITOR, unit=org["B1"],
        since=org.now.date(),
    )  # fmt: skip
    for _twice in range(2):
        end_grant(actor=actor_for(account, org.now.date()), now=org.now, grant_id=grant.pk)
    assert not actor_for(grant.account, org.now.date()).may("article.write", org["B1"].path)
    assert AuditRow.objects.filter(action="role.end").count() == 1
    with pytest.raises(Refused):
        end_grant(
            actor=actor_for(account, org.now.date()), now=org.now, grant_id=RoleGrant.objects.get(unit=org["B2"]).pk
        )
    # A grant of another unit cannot be ended through this unit's address.
    assert client.post(f"/units/D1/officers/{grant.pk}/end/").status_code == 404


def test_nobody_grants_to_themselves(org: Tree) -> None:
    account = org.account(Role.ORG_OFFICER, "F")
    with pytest.raises(Problem, match="themselves"):
        grant_role(
            actor=actor_for(account, org.now.date()), now=org.now, account=account, role=Role.TASK_OWNER,
            unit=org["F"], since=org.now.date(),
        )  # fmt: skip


def test_an_evaluator_comes_from_outside(org: Tree) -> None:
    member = org.member("B1", "云一诺")
    account = Account.objects.create(email="m@x.example", display_name="云一诺", person=member.person)
    given = {"actor": SYSTEM, "now": org.now, "account": account, "since": org.now.date()}
    for unit in ("B1", "F"):
        with pytest.raises(Problem, match="from outside"):
            grant_role(role=Role.EVALUATOR, unit=org[unit], **given)
    grant_role(role=Role.EVALUATOR, unit=org["D2"], **given)
    with pytest.raises(Problem, match="one person"):
        grant_role(role=Role.EDITOR, unit=org["B1"], **given)


def test_a_role_ends_on_its_day_and_frees_the_place(org: Tree) -> None:
    account = org.account(Role.EDITOR, "B2")
    given = {"actor": SYSTEM, "now": org.now, "account": account}
    end = org.now.date() + timedelta(days=10)
    grant_role(role=Role.EDITOR, unit=org["B1"], since=org.now.date(), until=end, **given)
    with pytest.raises(Problem, match="one person"):
        grant_role(role=Role.PUBLISHER, unit=org["B1"], since=end - timedelta(days=1), **given)
    grant_role(role=Role.PUBLISHER, unit=org["B1"], since=end, **given)
    assert actor_for(account, end).holds("publisher", org["B1"].path)
    assert not actor_for(account, end).holds("editor", org["B1"].path)


def test_the_buttons_are_for_those_who_may(org: Tree) -> None:
    def shown(client: Client, label: str) -> set[str]:
        page = client.get(f"/units/{label}/").content.decode()
        return {
            door
            for door in ("members", "officers", "propose", "import", "rename", "move", "sector", "end")
            if f"/{label}/{door}/" in page
        }

    assert shown(Client(), "H1") == {"propose"}
    assert shown(org.client(Role.BASE_OFFICER, "H1"), "H1") == {"members", "propose"}
    assert shown(org.client(Role.ORG_OFFICER, "H1", "self"), "H1") == {
        "members", "officers", "propose", "import", "end",
    }  # fmt: skip
    assert shown(org.client(Role.ORG_OFFICER, "D1"), "H1") == {
        "members", "officers", "propose", "import", "rename", "move", "sector", "end",
    }  # fmt: skip
    assert shown(org.client(Role.ORG_OFFICER, "D1"), "D2") == {"propose"}
    assert shown(org.client(Role.ORG_OFFICER, "F"), "F") == {
        "members", "officers", "propose", "import", "rename", "sector",
    }  # fmt: skip


def test_renaming_and_moving_through_the_pages(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    form = {"name_zh_hans": "更名会", "name_en": "", "kind": "base", "label": "B1", "since": "2026-03-01"}
    client.post("/units/B1/rename/", form)
    assert org["B1"].name == {"zh-hans": "更名会"}
    assert "B1 Union" in client.get("/units/B1/?on=2026-02-28").content.decode()
    assert "No unit has this label" in client.post("/units/B1/move/", {"above": "x", "since": TODAY}).content.decode()
    client.post("/units/B1/move/", {"above": "d2", "since": "2026-03-01"})
    assert org["B1"].parent == org["D2"]
    before = client.get("/units/H1/?on=2026-02-28").content.decode()
    assert "/units/B1/?on=2026-02-28" in before
    assert "/units/B1/" not in client.get("/units/H1/").content.decode()
    assert client.get("/units/?on=nonsense").status_code == 200
    assert "did not exist" in client.get("/units/B1/?on=2019-01-01").content.decode()
