"""What every app says of a person, what bars an erasure, and what is left after one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils.timezone import localdate
from tests.factories.org import DAY, Tree

from qiao.base.access import SYSTEM, Actor
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.services import grant_role
from qiao.org.appeals.services import file_appeal
from qiao.org.mandates.choices import Post
from qiao.org.mandates.models import Mandate
from qiao.org.membership.choices import Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.services import look_at_member
from qiao.org.people import services
from qiao.org.people.choices import RefusalGround, RequestKind
from qiao.org.people.models import Account, Contact, DataRequest, Look, Person, PersonMessage
from qiao.org.people.queries import looks_of
from qiao.org.people.queries.bars import person_code
from qiao.org.people.rules import bars_of, own_data
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Proof
from qiao.org.retention.services import end_hold, run_rule, set_hold
from qiao.web.models import SignIn

OVER = date(2021, 1, 1)


@pytest.fixture
def person(org: Tree) -> Person:
    return org.member("B1", "舟小渡").person


def left(person: Person, org: Tree, day: date | None = None) -> None:
    Membership.objects.filter(person=person).update(state=Standing.LEFT, until=day or org.now.date())


def account_of(person: Person, org: Tree) -> Account:
    account = services.open_account(
        actor=SYSTEM, now=org.now, email="zhou@example.org", display_name="舟小渡", person=person
    )
    EmailAddress.objects.create(user=account, email="zhou@example.org", verified=True, primary=True)
    SignIn.objects.create(
        account=account, session_key="k", browser="Firefox", system="Linux", started=org.now, seen=localdate(org.now)
    )
    return account


def test_every_app_tells_the_person_what_it_holds(org: Tree, person: Person) -> None:
    account = account_of(person, org)
    grant_role(actor=SYSTEM, now=org.now, account=account, role=Role.GROUP_LEADER, unit=org["B1"], since=DAY)
    Mandate.objects.create(
        unit=org["B1"], person=person, name="舟小渡", post=Post.MEMBER, since=DAY, until=date(2021, 1, 1)
    )
    file_appeal(
        now=org.now, kind="standing", code="X-1", unit_path=org["B1"].path, first_decider_unit_path=org["B1"].path,
        first_decider_account_id=None, ground="不同意", person_id=person.pk,
    )  # fmt: skip
    services.tell(now=org.now, person_id=person.pk, subject={"en": "Hello"}, text={"en": "news"})
    groups = {group.key: group for group in own_data(person.pk)}
    assert {"who", "contacts", "membership", "work", "posts", "roles", "sign-ins", "appeals", "messages"} <= set(groups)
    assert "news" in groups["messages"].lines[0].value
    assert groups["sign-ins"].lines[0].label == "Firefox · Linux"


def test_open_things_and_holds_bar_an_erasure(org: Tree, person: Person) -> None:
    account = account_of(person, org)
    grant = grant_role(actor=SYSTEM, now=org.now, account=account, role=Role.GROUP_LEADER, unit=org["B1"], since=DAY)
    mandate = Mandate.objects.create(unit=org["B1"], person=person, name="舟小渡", post=Post.MEMBER, since=DAY)
    grounds = [bar.ground for bar in bars_of(person.pk, org.now)]
    assert sorted(grounds) == ["legal_duty", "legal_duty", "standing"]
    left(person, org)
    RoleGrant.objects.filter(pk=grant.pk).update(until=org.now.date())
    Mandate.objects.filter(pk=mandate.pk).update(until=org.now.date())
    assert bars_of(person.pk, org.now) == []
    dpo = org.officer(Role.DPO, "F")
    for given in ({"code": person_code(person.pk)}, {"unit": org["D1"]}, {}):
        hold = set_hold(
            actor=dpo, now=org.now, object_class="former_members", ground=Ground.COURT, reason="法院要求",
            until=org.now.date() + timedelta(days=30), **given,
        )  # fmt: skip
        assert [bar.ground for bar in bars_of(person.pk, org.now)] == [RefusalGround.HOLD]
        assert bars_of(person.pk, org.now + timedelta(days=31)) == []
        end_hold(actor=dpo, now=org.now, hold_id=hold.pk, reason="结束")
        assert bars_of(person.pk, org.now) == []
    elsewhere = set_hold(
        actor=dpo, now=org.now, object_class="former_members", ground=Ground.COURT, reason="法院要求",
        until=org.now.date() + timedelta(days=30), unit=org["D2"],
    )  # fmt: skip
    assert elsewhere.pk
    assert bars_of(person.pk, org.now) == []


def test_an_erasure_leaves_name_and_dates(org: Tree, person: Person) -> None:
    account_of(person, org)
    services.set_contact(actor=SYSTEM, now=org.now, person=person, kind="mobile", value="13800138000")
    Membership.objects.filter(person=person).update(told=org.now.date(), confirmed=org.now.date())
    left(person, org)
    for _again in range(2):
        services.erase_person(actor=SYSTEM, now=org.now, person=person)
    row = Membership.objects.get(person=person)
    assert (row.told, row.confirmed, row.employer, row.group, row.batch) == (None,) * 5
    assert row.since == date(2024, 5, 1)
    assert row.person.name == "舟小渡"
    assert not EmailAddress.objects.filter(email__startswith="zhou").exists()
    assert not SignIn.objects.exists()
    assert not Contact.objects.exists()


def test_former_members_keep_name_and_dates_then_lose_the_name(org: Tree, person: Person) -> None:
    services.set_contact(actor=SYSTEM, now=org.now, person=person, kind="mobile", value="13800138000")
    stays = org.member("B1", "在会者").person
    services.set_contact(actor=SYSTEM, now=org.now, person=stays, kind="mobile", value="13900139000")
    left(person, org, date(2026, 1, 5))
    assert run_rule(actor=SYSTEM, now=org.now, key="former_rest") == 0
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=90), key="former_rest") == 1
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=91), key="former_rest") == 0
    assert [row.person_id for row in Contact.objects.all()] == [stays.pk]
    person.refresh_from_db()
    assert person.name == "舟小渡"
    late = org.now + timedelta(days=6 * 366)
    hold = set_hold(
        actor=org.officer(Role.DPO, "F"), now=late, object_class="former_members", ground=Ground.COURT,
        reason="法院要求", until=late.date() + timedelta(days=30), unit=org["D1"],
    )  # fmt: skip
    assert run_rule(actor=SYSTEM, now=late, key="former_members") == 0
    assert run_rule(actor=SYSTEM, now=late + timedelta(days=40), key="former_members") == 1
    assert hold.pk
    person.refresh_from_db()
    assert person.name == "—"
    assert Membership.objects.get(person=person).since == date(2024, 5, 1)
    stays.refresh_from_db()
    assert stays.name == "在会者"
    assert {proof.object_class: proof.number for proof in Proof.objects.all()} == {
        "former_rest": 1,
        "former_members": 1,
    }


def test_looks_messages_and_requests_go_after_their_time(org: Tree, person: Person) -> None:
    services.look(actor=SYSTEM, now=org.now, person=person, record="contact", reason="查对联系方式")
    services.tell(now=org.now, person_id=person.pk, subject={"en": "a"}, text={"en": "b"})
    request = services.file_request(
        actor=Actor(person_id=person.pk, name="x"), now=org.now, kind=RequestKind.ERASURE, text=""
    )
    years = 0
    for key, model in (("looks", Look), ("messages", PersonMessage)):
        assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=360), key=key) == 0
        assert model.objects.exists()
        assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=740), key=key) >= 1
        years += 1
    assert years == 2
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=3000), key="data_requests") == 0
    DataRequest.objects.filter(pk=request.pk).update(decided=org.now)
    assert run_rule(actor=SYSTEM, now=org.now + timedelta(days=3000), key="data_requests") == 1


def test_the_member_reads_who_opened_their_line(org: Tree, person: Person) -> None:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    assert look_at_member(actor=officer, now=org.now, number=person.pk) is not None
    lines, _more = looks_of(person.pk)
    assert [(line.record, line.reason) for line in lines] == [("Your line in the list of members", "")]
    assert "B1 Union" in lines[0].office
