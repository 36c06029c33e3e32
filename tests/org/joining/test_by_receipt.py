"""A member without an account acts by receipt and code; an officer finds an employer by its first letters."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from tests.factories.joining import apply, employer, joined
from tests.factories.org import Tree

from qiao.base.access import SYSTEM
from qiao.org.access.choices import Role
from qiao.org.joining.models import Application
from qiao.org.membership.choices import Standing
from qiao.org.membership.queries import membership_of
from qiao.org.people import services as people
from qiao.org.people.models import Account, Contact


def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def address(application: Application) -> str:
    return f"/join/{application.receipt}/member/"


def code_sent(run_jobs) -> str:
    mail.outbox.clear()
    run_jobs()
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


@pytest.fixture
def member(org: Tree) -> Application:
    application = joined(org, org.officer(Role.HUB_ORGANISER, "H1"), contact="one@x.example")
    Account.objects.filter(person=application.person).delete()
    return application


def enter(client: Client, application: Application, run_jobs) -> None:
    client.post(address(application), {"ask": "1"})
    assert client.post(address(application), {"code": code_sent(run_jobs)}).status_code == 302


def test_the_receipt_alone_changes_nothing(org: Tree, member: Application, run_jobs) -> None:
    client = browser()
    page = client.get(address(member)).content.decode()
    assert "Send me a code" in page
    for act in ({"leave": "1"}, {"place": str(org["H1"].pk)}, {"stay": "1"}):
        assert "You are a member" not in client.post(address(member), act).content.decode()
    client.post(address(member), {"ask": "1"})
    right = code_sent(run_jobs)
    wrong = "111111" if right != "111111" else "222222"
    assert "This is not the code" in client.post(address(member), {"code": wrong}).content.decode()
    for shown in (client.get(f"/join/{member.receipt}/").content.decode(), page):
        assert "one@x.example" not in shown
        assert "云一" not in shown
    assert membership_of(member.person_id or 0).state == Standing.ACTIVE


def test_by_the_code_a_member_goes_over_stays_and_leaves(org: Tree, member: Application, run_jobs) -> None:
    client = browser()
    enter(client, member, run_jobs)
    page = client.get(address(member)).content.decode()
    assert "You are a member of" in page
    # Nobody else's session has it, and another receipt is not opened by it.
    assert "Send me a code" in browser().get(address(member)).content.decode()
    other = joined(org, org.officer(Role.HUB_ORGANISER, "H1"), contact="two@x.example", name="云二")
    assert "Send me a code" in client.get(address(other)).content.decode()

    fields = {"place": str(org["D2"].pk)}
    found = client.post(address(member), fields).content.decode()
    assert "Your new union would be" in found
    unit = re.search(r'name="unit" value="([^"]+)"', found)
    assert unit
    assert client.post(address(member), {**fields, "unit": unit[1], "send": "1"}).status_code == 302
    standing = membership_of(member.person_id or 0)
    assert (standing.state, standing.bound_for.label) == (Standing.TRANSFERRING, unit[1])
    client.post(address(member), {"stay": "1"})
    assert membership_of(member.person_id or 0).bound_for is None
    left = client.post(address(member), {"leave": "1"}).content.decode()
    assert "You have left" in left
    assert membership_of(member.person_id or 0) is None
    # With the standing this way in ends.
    client.post(address(member), {"ask": "1"})
    assert "belongs to no membership" in client.post(address(member), {"ask": "1"}).content.decode()


def test_a_contact_an_officer_wrote_down_is_no_key(org: Tree, member: Application) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    Contact.objects.filter(person=member.person).delete()
    people.set_contact(actor=officer, now=org.now, person=member.person, kind="mail", value="officer@x.example")
    page = browser().post(address(member), {"ask": "1"}).content.decode()
    assert "no contact that you gave yourself" in page
    people.mark_stale(actor=SYSTEM, now=org.now, person=member.person, kind="mail")
    assert "no contact that you gave yourself" in browser().post(address(member), {"ask": "1"}).content.decode()


def test_an_application_still_open_opens_nothing(org: Tree) -> None:
    waiting = apply(org, contact="one@x.example")
    assert "belongs to no membership" in browser().post(address(waiting), {"ask": "1"}).content.decode()
    assert browser().get("/join/AAAA-AAAA-AAAA/member/").status_code == 404


def test_codes_are_not_tried_without_end(member: Application, run_jobs) -> None:
    client = browser()
    client.post(address(member), {"ask": "1"})
    code_sent(run_jobs)
    pages = [client.post(address(member), {"code": f"{number:06}"}).content.decode() for number in range(12)]
    assert "missed five times" in pages[6]
    assert "Too many tries" in pages[-1]


def test_an_officer_finds_the_employer_by_its_first_letters(org: Tree) -> None:
    one = employer(org, "例桥快运有限公司", "H1", union="B1")
    employer(org, "例桥快餐有限公司", "H1")
    client = org.client(Role.HUB_ORGANISER, "H1")
    page = client.get("/units/H1/joining/assist/").content.decode()
    nonce = re.search(r'name="nonce" value="(\w+)"', page)
    assert nonce
    fields = {
        "name": "云一", "employment": "direct", "employer_text": "例桥快", "how": "signature", "nonce": nonce[1],
    }  # fmt: skip
    looked = client.post("/units/H1/joining/assist/", {"nonce": nonce[1], "employer_text": "例桥快", "find": "1"})
    assert "例桥快餐有限公司" in looked.content.decode()
    assert "Not done yet" not in looked.content.decode()
    assert "Choose one of these" in client.post("/units/H1/joining/assist/", fields).content.decode()
    assert not Application.objects.exists()
    client.post("/units/H1/joining/assist/", {**fields, "employer": str(one.pk)})
    entered = Application.objects.get()
    assert (entered.employer, entered.unit.label) == (one, "B1")
    # None of these: the name is kept for the hub to find out.
    client.post("/units/H1/joining/assist/", {**fields, "nonce": "b" * 32, "employer": "none"})
    kept = Application.objects.exclude(pk=entered.pk).get()
    assert (kept.employer, kept.employer_written, kept.unit.label) == (None, "例桥快", "H1")
