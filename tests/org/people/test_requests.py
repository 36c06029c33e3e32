from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.org.access.choices import Role
from qiao.org.appeals.services import decide_appeal
from qiao.org.membership.choices import Standing
from qiao.org.membership.models import Membership
from qiao.org.people import queries, services
from qiao.org.people.choices import RefusalGround, RequestKind, RequestState
from qiao.org.people.exports import own_archive
from qiao.org.people.models import Account, Consent, Contact, DataRequest, Look, Person, PersonMessage
from qiao.org.people.queries.requests import waiting
from qiao.org.people.services.requests import object_to_refusal


@pytest.fixture
def person(org: Tree) -> Person:
    return org.member("B1", "舟小渡").person


def own(person: Person) -> Actor:
    return Actor(person_id=person.pk, name=person.name)


def left(person: Person, org: Tree) -> None:
    Membership.objects.filter(person=person).update(state=Standing.LEFT, until=org.now.date())


def file_erasure(person: Person, org: Tree) -> DataRequest:
    return services.file_request(actor=own(person), now=org.now, kind=RequestKind.ERASURE, text="")


def test_a_request_has_a_receipt_and_a_clock_and_is_filed_once(org: Tree, person: Person) -> None:
    first, second = file_erasure(person, org), file_erasure(person, org)
    assert first.pk == second.pk
    # The eleventh of June: a month after, a working day.
    assert first.due.astimezone().date().isoformat() == "2026-06-11"
    assert first.rule.startswith("privacy.answer_within=1")
    receipt = find_receipt(first.receipt)
    assert receipt is not None
    state = queries.receipt_state(receipt)
    assert state is not None
    assert (state.title, state.state) == ("Erasure", "Filed")


def test_erasure_waits_for_the_end_of_membership_then_leaves_name_and_dates(org: Tree, person: Person) -> None:
    dpo = org.officer(Role.DPO, "F")
    services.set_contact(actor=own(person), now=org.now, person=person, kind="mobile", value="13800138000")
    services.give_consent(actor=own(person), now=org.now, person=person, kind="channel_sms")
    services.see_paper_proof(actor=SYSTEM, now=org.now, person=person)
    account = services.open_account(
        actor=SYSTEM, now=org.now, email="zhou@example.org", display_name="舟小渡", person=person
    )
    request = file_erasure(person, org)
    decide = {"actor": dpo, "now": org.now, "code": request.code, "reason": "依规办理"}
    with pytest.raises(Problem, match="Leave the union first"):
        services.decide_request(grant=True, **decide)
    assert DataRequest.objects.get().state == RequestState.FILED
    assert Contact.objects.exists()
    left(person, org)
    services.decide_request(grant=True, **decide)
    services.decide_request(grant=False, ground=RefusalGround.HOLD, **decide)
    done = DataRequest.objects.get()
    assert (done.state, done.carried_out, done.text) == (RequestState.GRANTED, org.now, "")
    assert not Contact.objects.exists()
    assert not PersonMessage.objects.exists()
    assert Consent.objects.get().revoked == org.now
    person.refresh_from_db()
    assert person.name == "舟小渡"
    assert Membership.objects.filter(person=person).exists()
    account.refresh_from_db()
    assert (account.is_active, account.person, account.email) == (False, None, f"erased-{account.pk}@erased.invalid")
    services.erase_person(actor=SYSTEM, now=org.now, person=person)


def test_nobody_else_decides_and_a_refusal_needs_ground_and_reason(org: Tree, person: Person) -> None:
    request = file_erasure(person, org)
    decide = {"now": org.now, "code": request.code, "grant": False}
    for actor in (own(person), org.officer(Role.ORG_OFFICER, "F"), Actor()):
        with pytest.raises(Refused):
            services.decide_request(actor=actor, ground=RefusalGround.HOLD, reason="x", **decide)
    dpo = org.officer(Role.DPO, "F")
    with pytest.raises(Problem, match="ground"):
        services.decide_request(actor=dpo, reason="因故", **decide)
    with pytest.raises(Problem, match="reason"):
        services.decide_request(actor=dpo, ground=RefusalGround.STANDING, reason="  ", **decide)
    assert [row.code for row in waiting(dpo)] == [request.code]
    services.decide_request(actor=dpo, ground=RefusalGround.STANDING, reason="会籍仍在", **decide)
    assert [row.subject for row in queries.messages_of(own_account(person))] != []


def own_account(person: Person) -> Actor:
    return Actor(account_id=0, person_id=person.pk)


def test_an_upheld_appeal_carries_the_erasure_out(org: Tree, person: Person) -> None:
    dpo = org.officer(Role.DPO, "F")
    services.set_contact(actor=own(person), now=org.now, person=person, kind="mobile", value="13800138000")
    request = file_erasure(person, org)
    services.decide_request(
        actor=dpo, now=org.now, code=request.code, grant=False, ground=RefusalGround.STANDING, reason="会籍仍在"
    )
    left(person, org)
    with pytest.raises(Refused):
        object_to_refusal(actor=own(org.member("B1", "别人").person), now=org.now, code=request.code, ground="x")
    appeal = object_to_refusal(actor=own(person), now=org.now, code=request.code, ground="我已经退会")
    assert object_to_refusal(actor=own(person), now=org.now, code=request.code, ground="再次") == appeal
    decide_appeal(
        actor=org.officer(Role.EXECUTIVE, "F"), now=org.now, code=appeal.code, upheld=True, reason="已退会，应予删除"
    )
    assert DataRequest.objects.get().state == RequestState.GRANTED
    assert not Contact.objects.exists()


def test_a_correction_is_checked_by_an_officer_of_the_unit(org: Tree, person: Person) -> None:
    for text in ("", "一\n二", "长" * 81):
        with pytest.raises(Problem):
            services.file_request(actor=own(person), now=org.now, kind=RequestKind.CORRECTION, field="name", text=text)
    request = services.file_request(
        actor=own(person), now=org.now, kind=RequestKind.CORRECTION, field="name", text="舟晓渡"
    )
    decide = {"now": org.now, "code": request.code, "grant": True, "reason": "核对了身份证"}
    for actor in (org.officer(Role.BASE_OFFICER, "B2"), org.officer(Role.DPO, "F")):
        with pytest.raises(Refused):
            services.decide_request(actor=actor, **decide)
    services.decide_request(actor=org.officer(Role.BASE_OFFICER, "B1"), **decide)
    person.refresh_from_db()
    assert person.name == "舟晓渡"


def test_next_of_kin_are_decided_on_by_another_than_who_wrote_it_down(org: Tree, person: Person) -> None:
    officer, dpo = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.DPO, "F")
    with pytest.raises(Problem):
        services.file_kin_request(actor=officer, now=org.now, person=person, asker=" ", text="x")
    written = services.file_kin_request(
        actor=dpo, now=org.now, person=person, asker="其女，电话见信", text="户口簿与死亡证明已验"
    )
    with pytest.raises(Refused):
        services.decide_request(actor=dpo, now=org.now, code=written.code, grant=True, reason="x")
    other = services.file_kin_request(actor=officer, now=org.now, person=person, asker="其子", text="证明已验")
    services.decide_request(actor=dpo, now=org.now, code=other.code, grant=True, reason="证明齐全")
    client = org.client(Role.DPO, "F")
    answer = client.post(f"/privacy/requests/{other.code}/data.zip")
    assert answer["Content-Type"] == "application/zip"
    assert Look.objects.get().record == "whole"
    assert client.post(f"/privacy/requests/{written.code}/data.zip").status_code == 404


def test_what_is_downloaded_is_everything_and_reads(org: Tree, person: Person) -> None:
    services.set_contact(actor=own(person), now=org.now, person=person, kind="mobile", value="13800138000")
    services.look_at_contacts(
        actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, person=person, reason="<b>sent a letter</b>"
    )
    services.tell(now=org.now, person_id=person.pk, subject={"zh-hans": "告知"}, text={"zh-hans": "内容"})
    with zipfile.ZipFile(io.BytesIO(own_archive(actor=own(person), now=org.now, person=person))) as archive:
        data = json.loads(archive.read("my-data.json"))
        page = archive.read("my-data.html").decode()
    assert {group["key"] for group in data["groups"]} >= {"who", "contacts", "membership", "messages", "looks"}
    for text in ("13800138000", "舟小渡", "告知", "内容", "&lt;b&gt;sent a letter&lt;/b&gt;"):
        assert text in page
    assert "13800138000" in json.dumps(data)


def test_the_pages_of_a_member_hold_without_script(org: Tree, person: Person) -> None:
    account = services.open_account(
        actor=SYSTEM, now=org.now, email="zhou@example.org", display_name="舟小渡", person=person
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    assert "not given" in client.get("/me/data/").content.decode()
    answer = client.post("/me/data/mobile/", {"value": "138 0013 800"})
    assert "This is not a mobile number" in answer.content.decode()
    assert client.post("/me/data/mobile/", {"value": "138 0013 8000"}).status_code == 302
    code = str(Contact.objects.get().code)
    assert client.post("/me/data/mobile/code/", {"code": code}).status_code == 302
    assert Contact.objects.get().state == "confirmed"
    assert "13800138000" in client.get("/me/data/").content.decode()
    client.post("/me/consents/channel_sms/", {"to": "give"})
    assert queries.has_consent(person.pk, "channel_sms")
    client.post("/me/consents/channel_sms/", {"to": "end"})
    assert not queries.has_consent(person.pk, "channel_sms")
    assert client.post("/me/consents/nonsense/", {"to": "give"}).status_code == 404
    assert client.post("/me/consents/join/", {"to": "give"}).status_code == 404
    assert client.post("/me/channels/", {"first": "sms"}).status_code == 302
    assert queries.channel_order(person.pk)[0] == "sms"
    assert client.post("/me/download/")["Content-Type"] == "application/zip"
    assert client.get("/me/download/").status_code == 405
    other = org.member("B1", "别人").person
    foreign = services.file_request(actor=own(other), now=org.now, kind=RequestKind.ERASURE, text="")
    told = services.tell(now=org.now, person_id=other.pk, subject={"en": "S"}, text={"en": "T"})
    assert told is not None
    for address in (f"/me/requests/{foreign.code}/", f"/me/messages/{told.pk}/", "/me/data/fax/"):
        assert client.get(address).status_code == 404
    assert "/me/data/" in client.get("/me/").content.decode()
    office = Client()
    office.force_login(Account.objects.get(pk=org.account(Role.DPO, "F").pk))
    assert office.get("/me/data/").status_code == 404
    assert office.get("/me/messages/").status_code == 200


def test_pages_hold_their_query_count(org: Tree, person: Person, django_assert_max_num_queries: object) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    for number in range(30):
        services.look(
            actor=officer, now=org.now + timedelta(minutes=number), person=person, record="contact", reason="a reason"
        )
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        rows, _following = queries.looks_of(person.pk)
    assert len(rows) == 30
