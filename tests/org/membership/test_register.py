"""The register: who sees it, what is logged, how it is paged and searched; admitting, leaving, going over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.membership.choices import Confirmation, Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import member_count, membership_of, register_page
from qiao.org.membership.services import (
    accept_transfer,
    admit_worker,
    end_membership,
    fall_back_due,
    look_at_register,
    start_transfer,
    tell_standing,
    withdraw_transfer,
)
from qiao.org.people.models import Account, Person
from qiao.org.people.queries import messages_of

JOINED = date(2026, 5, 1)


def test_an_officer_opens_the_own_subtree_and_no_other(org: Tree) -> None:
    member = org.member("B1", "云一")
    other = org.member("B2", "江二")
    client = org.client(Role.BASE_OFFICER, "B1")
    assert client.get("/units/B1/members/").status_code == 200
    assert client.get(f"/units/B1/members/{member.person_id}/").status_code == 200
    for address in (
        "/units/B2/members/",
        "/units/H1/members/",
        f"/units/B2/members/{other.person_id}/",
        f"/units/B1/members/{other.person_id}/",
        "/units/B2/members/admit/",
        "/units/B2/members/import/",
        "/units/B2/members/export/",
        "/units/B2/members/arrivals/",
    ):
        assert client.get(address).status_code == 403, address  # fmt: skip
    assert client.get("/units/NONE/members/").status_code == 404
    assert Client().get("/units/B1/members/").status_code == 302


def test_every_look_is_logged_by_count_and_never_by_content(org: Tree) -> None:
    org.member("B1", "云知秋")
    officer = org.officer(Role.BASE_OFFICER, "B1")
    look_at_register(actor=officer, now=org.now, unit=org["B1"], text="云")
    row = AuditRow.objects.get(action="member.list")
    assert row.detail == {"shown": 1, "searched": True, "employment": ""}
    assert (row.account_id, row.unit_path) == (officer.account_id, org["B1"].path)
    with pytest.raises(Refused):
        look_at_register(actor=officer, now=org.now, unit=org["D1"])
    assert AuditRow.objects.filter(action="member.list").count() == 1


def test_pages_follow_one_another_without_gap(org: Tree) -> None:
    numbers = [org.member(label, f"云{n}").person_id for label in ("B2", "B1", "H1") for n in range(45)]
    seen, after = [], ""
    for _page in range(4):
        found = register_page(org["F"].path, after=after)
        seen += [row.person_id for row in found.rows]
        after = found.following
        if not after:
            break
    assert sorted(seen) == sorted(numbers)
    assert len(seen) == len(set(seen))
    assert [row.unit.path for row in found.rows] == sorted(row.unit.path for row in found.rows)
    # A place outside the subtree is no place: the page begins at the beginning.
    assert len(register_page(org["B1"].path, after=f"{org['B2'].path}.0").rows) == 45


def test_searching_by_beginning_number_and_employment(org: Tree) -> None:
    one = org.member("B1", "云知秋", Employment.PLATFORM)
    org.member("B1", "知秋云")
    org.member("B2", "云知秋")
    path = org["D1"].path

    def found(**wanted: str) -> list[int]:
        return [row.person_id for row in register_page(path, **wanted).rows]

    assert found(text=" 云知 ") == [one.person_id]
    assert found(text=str(one.person_id)) == [one.person_id]
    assert found(text="".join(chr(ord(sign) + 0xFEE0) for sign in str(one.person_id))) == [one.person_id]
    assert found(employment="platform") == [one.person_id]
    assert found(text="%") == []
    assert found(text="9" * 40) == []


def test_the_query_count_holds(org: Tree) -> None:
    client = org.client(Role.ORG_OFFICER, "F")
    client.get("/units/F/members/")
    counts = []
    for more in (1, 29):
        for n in range(more):
            org.member("B1", f"云{more}{n}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/units/F/members/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nobody_is_made_a_member_by_an_officer(org: Tree) -> None:
    client = org.client(Role.BASE_OFFICER, "B1")
    response = client.get("/units/B1/members/admit/")
    assert response.headers["Location"] == "/units/B1/joining/assist/"
    client.post("/units/B1/members/admit/", {"name": "云知秋", "employment": "direct", "since": "2026-05-01"})
    assert not Person.objects.exists()


def test_an_address_opens_an_account_and_tells(org: Tree, django_capture_on_commit_callbacks) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    given = {"unit": org["B1"], "employment": Employment.DIRECT, "since": JOINED}
    member = admit_worker(actor=officer, now=org.now, name="云一", email="Yun@x.example", **given)
    account = Account.objects.get(email="yun@x.example")
    assert (account.person_id, account.has_usable_password()) == (member.person_id, False)
    with pytest.raises(Problem, match="exists already"):
        admit_worker(actor=officer, now=org.now, name="云二", email="yun@x.example", **given)
    assert not Person.objects.filter(name="云二").exists()
    assert tell_standing(actor=SYSTEM, now=org.now, membership_id=member.pk)
    message = messages_of(actor_for(account, org.now.date()))[0]
    assert "B1 工会" in message.text
    member.refresh_from_db()
    assert member.told == org.now.date()


@pytest.mark.parametrize("name", ["", "  ", "１２３", "云" * 81])
def test_no_name_is_no_name(org: Tree, name: str) -> None:
    with pytest.raises(Problem):
        admit_worker(actor=SYSTEM, now=org.now, unit=org["B1"], name=name, employment=Employment.DIRECT, since=JOINED)


def test_leaving_is_at_once_and_twice_is_once(org: Tree) -> None:
    member = org.member("B1", "云一")
    today = org.now.date()
    for _twice in range(2):
        end_membership(actor=SYSTEM, now=org.now, membership_id=member.pk, day=today)
    member.refresh_from_db()
    assert (member.state, member.until) == (Standing.LEFT, today)
    assert membership_of(member.person_id) is None
    assert member_count(org["F"].path) == 0
    assert AuditRow.objects.filter(action="member.left").count() == 1
    with pytest.raises(Problem, match="has not come"):
        end_membership(
            actor=SYSTEM, now=org.now, membership_id=org.member("B1", "云二").pk, day=today + timedelta(days=1)
        )


def test_a_transfer_keeps_standing_until_it_is_received(org: Tree) -> None:
    member = org.member("B1", "云一")
    account = Account.objects.create(email="m@x.example", display_name="云一", person=member.person)
    here, there = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.BASE_OFFICER, "B2")
    start_transfer(actor=here, now=org.now, membership_id=member.pk, to=org["B2"], how=Confirmation.SIGNATURE)
    assert actor_for(account, org.now.date()).member_paths == (org["B1"].path,)
    assert member_count(org["B1"].path) == 1
    with pytest.raises(Refused):
        accept_transfer(actor=here, now=org.now, membership_id=member.pk)
    for _twice in range(2):
        received = Membership.objects.filter(person=member.person, until__isnull=True).get()
        accept_transfer(actor=there, now=org.now, membership_id=received.pk)
    standings = list(Membership.objects.filter(person=member.person).order_by("pk"))
    assert [(row.unit.label, row.state) for row in standings] == [("B1", "active"), ("B2", "active")]
    assert standings[0].until == standings[1].since == org.now.date()
    assert actor_for(account, org.now.date()).member_paths == (org["B2"].path,)


def test_a_wish_can_be_taken_back(org: Tree) -> None:
    member = org.member("B1", "云一")
    start_transfer(actor=SYSTEM, now=org.now, membership_id=member.pk, to=org["B2"])
    with pytest.raises(Problem, match="under way"):
        start_transfer(actor=SYSTEM, now=org.now, membership_id=member.pk, to=org["H1"])
    withdraw_transfer(actor=SYSTEM, now=org.now, membership_id=member.pk)
    member.refresh_from_db()
    assert (member.state, member.bound_for) == (Standing.ACTIVE, None)


def test_nobody_received_in_time_falls_back_to_the_hub(org: Tree) -> None:
    member = org.member("B2", "云一")
    start_transfer(actor=SYSTEM, now=org.now, membership_id=member.pk, to=org["B1"])
    assert fall_back_due(actor=SYSTEM, now=org.now + timedelta(days=30)) == 0
    assert fall_back_due(actor=SYSTEM, now=org.now + timedelta(days=31)) == 1
    assert fall_back_due(actor=SYSTEM, now=org.now + timedelta(days=31)) == 0
    standing = membership_of(member.person_id)
    assert (standing.unit.label, standing.state) == ("H1", "active")


def test_pages_of_going_over(org: Tree) -> None:
    member = org.member("B1", "云一")
    client, receiving = org.client(Role.BASE_OFFICER, "B1"), org.client(Role.BASE_OFFICER, "B2")
    number = member.person_id
    assert (
        "No unit has this label" in client.post(f"/units/B1/members/{number}/transfer/", {"unit": "?"}).content.decode()
    )
    assert client.post(f"/units/B1/members/{number}/transfer/", {"unit": "b2", "how": "call"}).status_code == 302
    assert "B2 Union" in client.get(f"/units/B1/members/{number}/").content.decode()
    assert "云一" in receiving.get("/units/B2/members/arrivals/").content.decode()
    # Somebody else's arrival cannot be received by its number.
    receiving.post("/units/B2/members/arrivals/", {"standing": org.member("B1", "云二").pk})
    assert member_count(org["B2"].path) == 0
    receiving.post("/units/B2/members/arrivals/", {"standing": member.pk})
    assert member_count(org["B2"].path) == 1
