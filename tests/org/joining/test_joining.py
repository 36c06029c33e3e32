"""Joining: only from the worker, three steps, one receipt, decided by another, appealed to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from tests.factories.joining import NUMBER, apply, employer, given, joined
from tests.factories.org import Tree, make_tree

from qiao.base.access import ANONYMOUS, SYSTEM, Refused
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.joining import services
from qiao.org.joining.choices import AgencySide, Identity, State, Why
from qiao.org.joining.models import Application
from qiao.org.joining.queries import desk_items, receipt_state
from qiao.org.joining.queries.routing import route
from qiao.org.joining.services import IDENTITY_CHECK, JOIN
from qiao.org.membership.choices import Confirmation, Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import membership_of
from qiao.org.membership.services import leave_union
from qiao.org.people.models import Account, Person
from qiao.org.people.queries import contacts_of, has_consent, persons_by_contact, persons_by_identity


def kept(html: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', html)
    assert found
    return unescape(found.group(1))


class Phone:
    """A browser without script and without an account."""

    def __init__(self) -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.page = ""

    def open(self, address: str) -> Phone:
        self.page = self.client.get(address).content.decode()
        return self

    def send(self, step: int, **fields: str) -> Phone:
        response = self.client.post("/join/", {"step": str(step), "kept": kept(self.page), **fields})
        if response.status_code == 302:
            self.page, self.address = self.client.get(response["Location"]).content.decode(), response["Location"]
        else:
            self.page = response.content.decode()
        return self


def test_a_worker_joins_in_three_steps_without_account_or_script(org: Tree) -> None:
    employer(org, "例桥快运有限公司", "H1", union="B1")
    phone = Phone().open("/join/")
    phone.send(1, name="云一", contact="138 0013 8000", employment="platform")
    phone.send(2, text="例桥", find="1")
    assert "例桥快运有限公司" in phone.page
    key = re.search(r'name="employer" value="(\d+)"', phone.page)
    assert key
    phone.send(2, text="例桥", employer=key.group(1))
    assert "Your union would be B1 Union" in phone.page
    phone.send(3)
    assert "tick that you wish to join" in phone.page
    assert not Application.objects.exists()
    phone.send(3, join="on", channel="on")
    application = Application.objects.get()
    assert application.receipt in phone.page
    assert "云一" not in phone.page
    assert (application.unit.label, application.why, application.state) == ("B1", Why.WORKPLACE, State.APPLIED)
    assert localdate(application.due) >= localdate(application.applied) + timedelta(days=15)
    assert application.rule == "mem.decide_within=15"
    assert application.consents == ["channel_sms", "join"]


def test_the_same_form_sent_twice_is_one_application(org: Tree) -> None:
    phone = Phone().open("/join/").send(1, name="云一", contact="", employment="freelance")
    phone.send(2, place=str(org["H1"].pk))
    before = phone.page
    phone.send(3, join="on")
    first = phone.address
    phone.page = before
    assert phone.send(3, join="on").address == first
    assert Application.objects.count() == 1


def test_what_was_written_is_kept_going_back_and_forth_and_faults_are_said(org: Tree) -> None:
    phone = Phone().open("/join/").send(1, name="", contact="12", employment="direct")
    assert "not a mobile number" in phone.page
    phone.send(1, name="云一、江二", contact="", employment="direct")
    assert "Nobody joins by a list" in phone.page
    phone.send(1, name="云一", contact="", employment="direct").send(2)
    assert "first letters" in phone.page
    phone.send(2, text="无此单位")
    assert "We do not know an employer" in phone.page
    phone.send(2, back="1")
    assert 'value="云一"' in phone.page
    phone.page = phone.page.replace(kept(phone.page), "x" * 40)
    assert "Two hours have passed" in phone.send(2).page


def test_a_link_of_a_unit_asks_less(org: Tree) -> None:
    phone = Phone().open("/join/?at=B1")
    assert "You came through B1 Union" in phone.page
    phone.send(1, name="云一", contact="", employment="direct")
    phone.send(2, at_work="yes")
    assert "Your union would be B1 Union" in phone.page
    phone.send(3, join="on")
    assert Application.objects.get().unit.label == "B1"


def test_the_unit_proposed_follows_the_workplace_and_falls_to_the_hub(org: Tree) -> None:
    day = org.now.date()
    with_union = employer(org, "甲", "H1", union="B1")
    without = employer(org, "乙", "H1")
    far = employer(org, "丙", "D2")

    def found(**fields: object) -> tuple[str, str]:
        plain = {"employment": "direct", "employer": None, "place": None, "bypass": False, "on": day}
        one = route(**{**plain, **fields})  # type: ignore[arg-type]
        assert one
        return one.unit.label, one.why.value

    assert found(employer=with_union) == ("B1", "workplace")
    assert found(employer=with_union, bypass=True) == ("H1", "bypass")
    assert found(employer=without) == ("H1", "no_union")
    assert found(employer=far) == ("D2", "upper")
    assert found(place=org["H1"]) == ("H1", "unknown")
    assert found(employment="freelance", place=org["H1"]) == ("H1", "direct")
    assert found(employment="freelance", place=org["H1"], at=org["B1"]) == ("H1", "direct")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"consents": []}, "without saying so"),
        ({"name": "云一\n江二"}, "list of invitations, never members"),
        ({"identity_number": NUMBER}, "only with your consent"),
        ({"identity_number": NUMBER[:-1] + "1", "consents": [JOIN, IDENTITY_CHECK]}, "not a valid identity"),
        ({"employment": Employment.AGENCY}, "agency or at the company"),
        ({"contact": "not@"}, "not an e-mail"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing(org: Tree, changed: dict[str, object], says: str) -> None:
    with pytest.raises(Problem, match=says):
        apply(org, **changed)
    assert not Application.objects.exists()
    assert not Person.objects.exists()


def test_contacts_and_numbers_lie_sealed(org: Tree) -> None:
    apply(org, contact="13800138000", identity_number=NUMBER, consents=[JOIN, IDENTITY_CHECK])
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM joining_application a")
        row = str(cursor.fetchone())
    assert "13800138000" not in row
    assert NUMBER not in row
    assert not AuditRow.objects.filter(detail__icontains="13800138000").exists()


def test_an_approved_worker_is_a_member_once_told_and_signs_in(org: Tree, run_jobs: Callable[[], None]) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    application = apply(
        org, contact="yun@x.example", identity_number=NUMBER, consents=[JOIN, IDENTITY_CHECK, "channel_mail"]
    )
    with pytest.raises(Problem, match="how you checked"):
        services.approve(actor=officer, now=org.now, code=application.code)
    services.take_up(actor=officer, now=org.now, code=application.code)
    services.note_identity(actor=officer, now=org.now, code=application.code, identity=Identity.NUMBER)
    for _twice in range(2):
        application = services.approve(actor=officer, now=org.now, code=application.code)
    person = application.person
    assert person is not None
    assert Membership.objects.filter(person=person).count() == 1
    assert membership_of(person.pk) == application.membership
    assert persons_by_contact("mail", "yun@x.example") == persons_by_identity(NUMBER) == [person.pk]
    assert [contact.source for contact in contacts_of(person.pk)] == ["self"]
    assert has_consent(person.pk, "join")
    application.refresh_from_db()
    assert application.contact is None
    assert application.identity_number is None
    assert Account.objects.get(person=person).email == "yun@x.example"
    run_jobs()
    assert any("You are a member of" in message.subject or "会员" in message.subject for message in mail.outbox)
    application.membership.refresh_from_db()
    assert application.membership.told is not None


def test_nobody_decides_on_their_own_or_on_what_they_entered(org: Tree) -> None:
    officer, other = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.BASE_OFFICER, "B1", "second")
    entered = services.enter_application(
        actor=officer, now=org.now, at=org["B1"], how=Confirmation.SIGNATURE,
        given=given(employment=Employment.DIRECT, at=org["B1"], place=org["B1"]),
    )  # fmt: skip
    assert (entered.unit.label, entered.state) == ("B1", State.APPLIED)
    with pytest.raises(Problem, match="entered this application"):
        services.note_identity(actor=officer, now=org.now, code=entered.code, identity=Identity.PAPER)
    services.note_identity(actor=other, now=org.now, code=entered.code, identity=Identity.PAPER)
    with pytest.raises(Problem, match="entered this application"):
        services.approve(actor=officer, now=org.now, code=entered.code)
    assert services.approve(actor=other, now=org.now, code=entered.code).state == State.ACTIVE
    with pytest.raises(Refused):
        services.take_up(actor=org.officer(Role.BASE_OFFICER, "B2"), now=org.now, code=apply(org, at="H1").code)


def test_an_entry_by_code_waits_for_the_worker(org: Tree, run_jobs: Callable[[], None]) -> None:
    officer = org.officer(Role.GROUP_LEADER, "B1")
    with pytest.raises(Problem, match="needs a mobile number"):
        services.enter_application(
            actor=officer, now=org.now, at=org["B1"], how=Confirmation.CODE, given=given(at=org["B1"])
        )
    entered = services.enter_application(
        actor=officer, now=org.now, at=org["B1"], how=Confirmation.CODE,
        given=given(employment=Employment.DIRECT, at=org["B1"], contact="yun@x.example", language="en"),
    )  # fmt: skip
    assert entered.state == State.UNCONFIRMED
    with pytest.raises(Problem):
        services.approve(actor=SYSTEM, now=org.now, code=entered.code)
    run_jobs()
    code = re.search(r"code (\S+) at", mail.outbox[-1].body)
    assert code
    with pytest.raises(Problem, match="not the code"):
        services.confirm_application(actor=ANONYMOUS, now=org.now, receipt=entered.receipt, code="AAAA-AAAA-AAAA")
    for _twice in range(2):
        done = services.confirm_application(actor=ANONYMOUS, now=org.now, receipt=entered.receipt, code=code.group(1))
    assert (done.state, done.confirmed_how) == (State.APPLIED, Confirmation.CODE)


def test_a_question_back_stops_the_clock_and_the_answer_needs_the_code(org: Tree, run_jobs: Callable[[], None]) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    application = apply(org, contact="yun@x.example", language="en")
    due = application.due
    services.ask_back(actor=officer, now=org.now, code=application.code, question="Which company?")
    run_jobs()
    code = re.search(r"code (\S+) at", mail.outbox[-1].body)
    assert code
    later = org.now + timedelta(days=4)
    with pytest.raises(Problem, match="not the code"):
        services.answer_question(
            actor=ANONYMOUS, now=later, receipt=application.receipt, code="", name="云一", answer="甲"
        )
    answered = services.answer_question(
        actor=ANONYMOUS, now=later, receipt=application.receipt, code=code.group(1), name="云一一", answer="甲"
    )
    assert (answered.state, answered.name) == (State.UNDER_REVIEW, "云一一")
    assert answered.due >= due + timedelta(days=4)


def test_who_is_a_member_learns_it_by_their_contact_and_nobody_by_the_page(
    org: Tree, run_jobs: Callable[[], None]
) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    member = joined(org, officer, contact="yun@x.example").person
    again = apply(org, contact="yun@x.example", name="云一")
    other = apply(org, contact="jiang@x.example", name="江二")
    page = Client(headers={"accept-language": "en"})

    def shown(application: Application) -> str:
        text = page.get(f"/join/{application.receipt}/").content.decode()
        return re.sub(r'(value|content|nonce)="[^"]*"|R-\w{4}-\w{4}-\w', "", text)

    assert shown(again) == shown(other)
    services.note_identity(actor=officer, now=org.now, code=again.code, identity=Identity.PAPER)
    with pytest.raises(Problem, match="say whether it is the same person"):
        services.approve(actor=officer, now=org.now, code=again.code)
    with pytest.raises(Problem, match="standing already"):
        services.approve(actor=officer, now=org.now, code=again.code, same_person=member.pk)
    services.say_known(actor=officer, now=org.now, code=again.code, person_id=member.pk)
    services.ask_back(actor=officer, now=org.now, code=other.code, question="Which company?")
    assert shown(again) == shown(other)
    mail.outbox.clear()
    run_jobs()
    assert any(message.to == ["yun@x.example"] for message in mail.outbox)
    assert Membership.objects.filter(person=member, until__isnull=True).count() == 1
    with pytest.raises(Problem, match="shares neither"):
        services.say_known(actor=officer, now=org.now, code=apply(org).code, person_id=member.pk)


@pytest.mark.parametrize("contact", ["", "boss@x.example"])
def test_who_knows_an_identity_number_does_not_learn_who_is_a_member(org: Tree, contact: str) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    consents = [JOIN, IDENTITY_CHECK]
    first = apply(org, identity_number=NUMBER, consents=consents, contact="yun@x.example")
    services.note_identity(actor=officer, now=org.now, code=first.code, identity=Identity.NUMBER)
    member = services.approve(actor=officer, now=org.now, code=first.code).person
    probe = apply(org, identity_number=NUMBER, consents=consents, contact=contact)
    assert member is not None
    with pytest.raises(Problem, match="would learn who is a member"):
        services.say_known(actor=officer, now=org.now, code=probe.code, person_id=member.pk)
    probe.refresh_from_db()
    assert (probe.state, probe.person_id) == (State.APPLIED, None)


def test_a_shared_identity_number_is_one_person(org: Tree) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    consents = [JOIN, IDENTITY_CHECK]
    first = apply(org, identity_number=NUMBER, consents=consents)
    services.note_identity(actor=officer, now=org.now, code=first.code, identity=Identity.NUMBER)
    first = services.approve(actor=officer, now=org.now, code=first.code)
    again = apply(org, identity_number=NUMBER, consents=consents)
    services.note_identity(actor=officer, now=org.now, code=again.code, identity=Identity.NUMBER)
    with pytest.raises(Problem, match="it is the same person"):
        services.approve(actor=officer, now=org.now, code=again.code, other_person=True)
    account = Account.objects.create(email="m@x.example", display_name="云一", person=first.person)
    leave_union(actor=actor_for(account, org.now.date()), now=org.now, membership_id=first.membership_id)
    with pytest.raises(Problem, match="see the worker or a paper"):
        services.approve(actor=officer, now=org.now, code=again.code, same_person=first.person_id)
    services.note_identity(actor=officer, now=org.now, code=again.code, identity=Identity.PAPER)
    back = services.approve(actor=officer, now=org.now, code=again.code, same_person=first.person_id)
    assert back.person_id == first.person_id
    assert Membership.objects.filter(person_id=first.person_id).count() == 2


def test_a_refusal_has_a_reason_and_an_appeal_before_another_person(org: Tree) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    application = apply(org)
    with pytest.raises(Problem, match="reason"):
        services.refuse(actor=officer, now=org.now, code=application.code, reason=" ")
    for _twice in range(2):
        services.refuse(actor=officer, now=org.now, code=application.code, reason="Works in another province.")
    with pytest.raises(Problem):
        services.approve(actor=officer, now=org.now, code=application.code)
    page = Client(headers={"accept-language": "en"})
    address = f"/join/{application.receipt}/"
    assert "another province" in page.get(address).content.decode()
    page.post(f"{address}act/", {"ground": ""})
    appeal = services.appeal(actor=ANONYMOUS, now=org.now, receipt=application.receipt, ground="I work here.")
    assert "Your appeal" in page.get(address).content.decode()
    assert officer.account_id in appeal.barred_ids
    services.reopen(actor=SYSTEM, now=org.now, code=application.code)
    application.refresh_from_db()
    assert (application.state, application.unit.label) == (State.UNDER_REVIEW, "D1")


def test_receipts_are_not_found_by_trying_and_nobody_is_flooded(org: Tree) -> None:
    page = Client(headers={"accept-language": "en"})
    mine = apply(org).receipt
    assert page.get(f"/join/{mine}/").status_code == 200
    answers = [page.get("/join/R-0000-0000-0/").status_code for _try in range(25)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert Client().get(f"/join/{mine}/", REMOTE_ADDR="198.51.100.9").status_code == 200
    for _time in range(5):
        phone = Phone().open("/join/").send(1, name="云一", contact="yun@x.example", employment="freelance")
        phone.send(2, place=str(org["D1"].pk)).send(3, join="on")
    assert "Too many tries" in phone.page
    assert Application.objects.filter(contact_kind="mail").count() == 4


def test_codes_are_not_found_by_trying(org: Tree) -> None:
    application = apply(org, contact="yun@x.example")
    services.ask_back(
        actor=org.officer(Role.HUB_ORGANISER, "H1"), now=org.now, code=application.code, question="Which company?"
    )
    sent = {"name": "云一", "answer": "甲", "code": "AAAA-BBBB-CCCC"}
    answers = [Client().post(f"/join/{application.receipt}/act/", sent).status_code for _try in range(12)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_a_withdrawn_application_is_withdrawn_and_forgets_the_contact(org: Tree) -> None:
    application = apply(org, contact="13800138000")
    for _twice in range(2):
        services.withdraw(actor=ANONYMOUS, now=org.now, receipt=application.receipt)
    application.refresh_from_db()
    assert (application.state, application.contact) == (State.WITHDRAWN, None)
    joined_one = joined(org, org.officer(Role.HUB_ORGANISER, "H1"))
    with pytest.raises(Problem, match="done already"):
        services.withdraw(actor=ANONYMOUS, now=org.now, receipt=joined_one.receipt)


def test_several_own_applications_are_approved_each_by_itself(org: Tree) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    ready, bare = apply(org, name="云一"), apply(org, name="江二")
    services.note_identity(actor=officer, now=org.now, code=ready.code, identity=Identity.KNOWN)
    done, left = services.approve_many(actor=officer, now=org.now, codes=[ready.code, bare.code, ready.code])
    assert [one.code for one in done] == [ready.code]
    assert [code for code, _problem in left] == [bare.code]


def test_passing_on_keeps_the_promise_and_the_wish_not_to_pass_the_workplace(org: Tree) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1")
    plain = apply(org)
    due = plain.due
    assert services.pass_on(actor=officer, now=org.now, code=plain.code, to=org["B1"]).due == due
    shy = apply(org, bypass=True, employment=Employment.DIRECT)
    with pytest.raises(Problem, match="not to go through"):
        services.pass_on(actor=officer, now=org.now, code=shy.code, to=org["B1"])


def test_an_overdue_application_is_seen_by_the_unit_above(org: Tree) -> None:
    above = org.officer(Role.ORG_OFFICER, "D1")
    application = apply(org)
    # While nobody at the hub may decide, it stands above at once, and the page says so.
    page = Client(headers={"accept-language": "en"}).get(f"/join/{application.receipt}/").content.decode()
    assert "it stands on the desk of D1 Union" in page
    assert len(desk_items(actor=above, now=org.now)) == 1
    assert len(desk_items(actor=org.officer(Role.HUB_ORGANISER, "H1"), now=org.now)) == 1
    assert desk_items(actor=above, now=org.now) == []
    page = Client(headers={"accept-language": "en"}).get(f"/join/{application.receipt}/").content.decode()
    assert "it stands on the desk" not in page
    late = application.due + timedelta(hours=1)
    assert [item.due for item in desk_items(actor=above, now=late)] == [application.due]
    page = Client(headers={"accept-language": "en"}).get(f"/join/{application.receipt}/")
    assert page.status_code == 200


def test_the_receipt_tells_the_state_everywhere(org: Tree) -> None:
    application = apply(org)
    receipt = find_receipt(application.receipt.lower())
    assert receipt is not None
    state = receipt_state(receipt)
    assert state is not None
    assert state.state == "Handed in"
    assert application.name not in str(state)
    assert Client().get("/join/R-AAAA-AAAA-A/").status_code == 404


def test_an_agency_worker_chooses_the_side(org: Tree) -> None:
    user = employer(org, "用工单位", "H1", union="B1")
    application = apply(org, employment=Employment.AGENCY, agency_side=AgencySide.USER, employer=user)
    assert (application.unit.label, application.agency_side) == ("B1", AgencySide.USER)


def test_officers_pages_are_for_the_own_unit(org: Tree) -> None:
    application = apply(org)
    own, other = org.client(Role.HUB_ORGANISER, "H1"), org.client(Role.BASE_OFFICER, "B2")
    base = "/units/H1/joining/"
    for address in (base, f"{base}{application.code}/", f"{base}assist/", f"{base}poster/"):
        assert own.get(address).status_code == 200, address
        assert other.get(address).status_code == 403, address
        assert Client().get(address).status_code == 302, address
    page = own.get(f"{base}{application.code}/")
    assert "Take in as a member" not in page.content.decode()
    own.post(f"{base}{application.code}/decide/", {"act": "identity", "identity": "paper"})
    own.post(f"{base}{application.code}/decide/", {"act": "approve"})
    assert Application.objects.get(pk=application.pk).state == State.ACTIVE


def test_the_list_holds_its_queries(org: Tree) -> None:
    client = org.client(Role.HUB_ORGANISER, "H1")
    apply(org)
    client.get("/units/H1/joining/")
    with CaptureQueriesContext(connection) as one:
        client.get("/units/H1/joining/")
    for number in range(29):
        apply(org, name=f"云{number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/units/H1/joining/")
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_member(now: datetime) -> None:
    org = make_tree(now)
    first, second = org.officer(Role.HUB_ORGANISER, "H1"), org.officer(Role.HUB_ORGANISER, "H1", "second")
    application = apply(org)
    services.note_identity(actor=first, now=org.now, code=application.code, identity=Identity.PAPER)

    def take(actor: object) -> str:
        try:
            return str(services.approve(actor=actor, now=org.now, code=application.code).state)  # type: ignore[arg-type]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        states = list(pool.map(take, [first, second]))
    assert states == ["active", "active"]
    assert Membership.objects.count() == 1
    assert AuditRow.objects.filter(action="joining.approved").count() == 1
