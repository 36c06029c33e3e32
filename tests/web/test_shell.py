"""The shell's own pages: receipts, desk, own things, what exists in the demonstration only, faults as pages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from tests.factories.ballots import make_ground, make_open_ballot
from tests.factories.decide import closed, member_client
from tests.factories.deliver import Ground, decision, planned, running
from tests.web.conftest import Read

from qiao.base.access import SYSTEM
from qiao.base.receipts import give_receipt
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Person
from qiao.org.people.services import open_account
from qiao.web.queries import doors

POLICY = "script-src 'self'"


def test_a_receipt_tells_its_state_to_whoever_holds_it(now, db, read: Read) -> None:
    town = make_ground(now)
    consultation = closed(now, town, [(0, "班车早一点")])
    number = consultation.opinions.get().receipt
    page = read(f"/receipt/?number={number.lower().replace('-', '')}")
    assert number in page
    assert "Night bus" in page
    assert "班车早一点" not in page, "the receipt tells the state, not the words"
    assert f"/thread/{consultation.code}/" in page
    assert "夜班车" in read(f"/receipt/?number={number}", "zh-hans")


def test_a_mistyped_receipt_is_told_kindly(db, read: Read) -> None:
    assert "No receipt has this number" in read("/receipt/?number=R-0000-0000-0", status=404)
    assert "没有" in read("/receipt/?number=R-0000-0000-0", "zh-hans", status=404)
    assert 'role="alert"' not in read("/receipt/")


def test_a_receipt_no_app_knows_is_still_acknowledged(now, db, read: Read) -> None:
    receipt = give_receipt(kind="nothing known", code="X-1", now=now, content="words")
    page = read(f"/receipt/?number={receipt.number}")
    assert "It was received" in page
    assert receipt.content_hash in page


def test_the_desk_sorts_by_deadline_and_shows_only_what_is_ones_own(place: Ground, read: Read) -> None:
    decided, proposals = decision(place, number=1)
    project = running(place)
    executive = read("/desk/", who=place.client("executive"))
    assert f"/deliver/projects/plan/{decided}/{proposals[0]}/" in executive
    owner = read("/desk/", who=place.client("task_owner"))
    assert f"/deliver/projects/{project.code}/" in owner
    assert "overdue" in owner, "its milestones were due long ago"
    assert f"/plan/{decided}/" not in owner
    assert "Nothing waits for you" in read("/desk/", who=place.client("publisher"))


@pytest.mark.parametrize("role", list(Role))
def test_every_office_has_a_desk_with_doors_it_may_open(place: Ground, role: Role) -> None:
    office = place.client(role.value)
    page = office.get("/desk/")
    assert page.status_code == 200
    for door in doors(place.actor(role.value)):
        assert office.get(door.url, follow=True).status_code == 200, door.url


def test_members_find_what_waits_for_them_and_offices_are_sent_to_the_desk(now, db, read: Read) -> None:
    town = make_ground(now)
    ballot, _codes = make_open_ballot(now, town, 100, 200)
    ballot.closes = date(2100, 1, 1).isoformat() + "T00:00Z"
    ballot.save()
    page = read("/me/", who=member_client(now, town.members[0]))
    assert f"/decide/ballots/{ballot.code}/vote/" in page
    assert "1 thing waits for you" in page


def test_pages_of_the_demonstration_exist_nowhere_else(place: Ground, client: Client, settings) -> None:
    settings.DEMO = False
    account = place.accounts["executive"]
    for address in ("/demo/", "/demo/outbox/"):
        assert client.get(address).status_code == 404
        assert place.client("sys_admin").get(address).status_code == 404
    assert client.post("/demo/", {"account": account.pk}).status_code == 404
    assert "sessionid" not in client.cookies
    settings.DEMO = True
    assert client.get("/demo/").status_code == 200
    assert client.post("/demo/", {"account": account.pk}).headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    "address",
    ["/", "/hear/", "/decide/", "/deliver/", "/judge/", "/units/", "/news/", "/ledger/", "/ledger/export/", "/access/",
     "/api/", "/api/openapi.json", "/receipt/", "/account/login/", "/nothing/", "/desk/", "/health/", "/news/feed/"],
)  # fmt: skip
def test_every_answer_carries_the_strict_policy(place: Ground, client: Client, address: str) -> None:
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert POLICY in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    if response.headers["Content-Type"].startswith("text/html"):
        page = response.content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page


def test_faults_are_pages_in_both_languages(place: Ground, read: Read) -> None:
    assert "There is nothing at this address" in read("/nothing/", status=404)
    assert "There is nothing at this address" not in read("/nothing/", "zh-hans", status=404)
    assert 'lang="zh-Hans"' in read("/nothing/", "zh-hans", status=404)
    publisher = place.client("publisher")
    assert "This is not open to you" in read("/desk/audit/", who=publisher, status=403)
    chinese = read("/desk/audit/", "zh-hans", who=publisher, status=403)
    assert "This is not open to you" not in chinese
    assert "谁能做什么" in chinese


def test_a_fault_no_form_caught_says_what_is_wrong_and_where(place: Ground) -> None:
    project = planned(place)
    executive = place.client("executive")
    executive.post(f"/deliver/projects/{project.code}/stop/", {"reason_zh_hans": "不做了", "reason_en": "Given up"})
    answer = executive.post(f"/deliver/projects/{project.code}/start/")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "Nothing was changed" in page
    chinese = executive.post(f"/deliver/projects/{project.code}/start/", headers={"accept-language": "zh-hans"})
    assert "Nothing was changed" not in chinese.content.decode()


def test_a_form_without_its_token_says_what_to_do(place: Ground) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = strict.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()


def test_the_language_button_changes_the_language_and_comes_back(place: Ground, client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/ledger/"})
    assert answer.headers["Location"] == "/ledger/"
    assert 'lang="en"' in client.get("/ledger/").content.decode()


def test_accounts_are_not_opened_by_a_form(db, client: Client) -> None:
    page = client.get("/account/signup/").content.decode()
    assert 'name="email"' not in page


def test_signing_in_with_a_mailed_code(now, place: Ground, client: Client, mailoutbox) -> None:
    person = Person.objects.create(name="云一")
    admit_member(
        actor=SYSTEM, now=now, person=person, unit=place.one, employment=Employment.DIRECT, since=date(2020, 1, 1)
    )
    open_account(actor=SYSTEM, now=now, email="one@x.example", display_name="云一", person=person)
    client.post("/account/login/code/", {"email": "one@x.example"})
    assert [mail.to for mail in mailoutbox] == [["one@x.example"]]
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", mailoutbox[0].body)
    assert code, mailoutbox[0].body
    answer = client.post("/account/login/code/confirm/", {"code": code[0]})
    assert answer.status_code == 302, mailoutbox[0].body
    assert "You are a member of" in client.get("/me/", headers={"accept-language": "en"}).content.decode()
