"""A phone-only member who lost the number gets back in by two officers, warned, in time; standing never moves."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.test import Client
from tests.factories.org import Tree

from qiao.base.access import ANONYMOUS, SYSTEM, Actor, Refused
from qiao.base.clock import now as clock
from qiao.base.db import atomic
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.membership.models import Membership
from qiao.org.people import services
from qiao.org.people.choices import NumberState
from qiao.org.people.models import Account, Contact, NumberChange, Person
from qiao.org.people.queries.numbers import to_confirm
from qiao.org.people.queries.shell import desk_items

OLD, NEW = "13800138000", "13900139001"
SEEN = "身份证已见，与本人一致"
WAIT = timedelta(days=8)


@pytest.fixture
def sms(settings, tmp_path: Path) -> Callable[[], list[tuple[str, str]]]:
    settings.EMAIL_FILE_PATH = tmp_path

    def sent() -> list[tuple[str, str]]:
        found = []
        for file in sorted(tmp_path.glob("sms-*.log"), key=lambda one: one.stat().st_mtime_ns):
            message = email.message_from_bytes(file.read_bytes())
            found.append((str(message["To"]).split("@")[0], message.get_payload(decode=True).decode()))
            file.unlink()
        return found

    return sent


@pytest.fixture
def person(org: Tree) -> Person:
    member = org.member("B1", "舟小渡").person
    services.set_contact(actor=SYSTEM, now=org.now, person=member, kind="mobile", value=OLD, confirmed=True)
    return member


def officer(org: Tree, name: str = "first", label: str = "B1") -> Actor:
    return org.officer(Role.BASE_OFFICER if label == "B1" else Role.ORG_OFFICER, label, name)


def shown(org: Tree, person: Person, number: str = NEW) -> NumberChange:
    change = services.ask_number(actor=officer(org), now=org.now, person=person, number=number, seen=SEEN)
    assert services.show_number(actor=officer(org), now=org.now, code=change.code, proof=str(change.proof))
    services.warn_contacts(actor=SYSTEM, now=org.now, change_id=change.pk)
    change.refresh_from_db()
    return change


def number_of(person: Person) -> str:
    return str(Contact.objects.get(person=person, kind="mobile").value)


def test_the_whole_way_sets_the_number_and_nothing_else(org: Tree, person: Person, sms) -> None:
    account, _contact = services.way_in(actor=SYSTEM, now=org.now, number=OLD)
    client = Client()
    client.force_login(account)
    before = list(Membership.objects.filter(person=person).values())
    change = services.ask_number(actor=officer(org), now=org.now, person=person, number="+86 139-0013-9001", seen=SEEN)
    services.send_proof(actor=SYSTEM, now=org.now, change_id=change.pk)
    ((to, text),) = sms()
    assert to == NEW
    code = re.search(r"\d{6}", text)[0]
    assert not services.show_number(actor=officer(org), now=org.now, code=change.code, proof="000000x" + code[:1])
    assert services.show_number(actor=officer(org), now=org.now, code=change.code, proof=code)
    assert services.warn_contacts(actor=SYSTEM, now=org.now, change_id=change.pk) == 1
    assert services.warn_contacts(actor=SYSTEM, now=org.now, change_id=change.pk) == 0
    ((to, text),) = sms()
    assert to == OLD
    assert "/me/stop/" in text
    assert NEW not in text
    second = officer(org, "second")
    assert [item.url for item in desk_items(actor=second, now=org.now)] == [f"/units/B1/numbers/{change.code}/"]
    assert to_confirm(officer(org)) == []
    services.confirm_number(actor=second, now=org.now, code=change.code)
    # Not before the time to object is over.
    change.refresh_from_db()
    assert change.holds_from >= org.now + timedelta(days=3)
    assert services.set_numbers(actor=SYSTEM, now=change.holds_from - timedelta(seconds=1)) == 0
    assert number_of(person) == OLD
    assert client.get("/me/data/").status_code == 200
    assert services.set_numbers(actor=SYSTEM, now=change.holds_from) == 1
    assert services.set_numbers(actor=SYSTEM, now=change.holds_from) == 0
    assert number_of(person) == NEW
    assert services.way_in(actor=SYSTEM, now=org.now, number=OLD) is None
    again = services.way_in(actor=SYSTEM, now=org.now, number=NEW)
    assert again is not None
    assert again[0] == account
    # Signed out where the old telephone was; the standing is as it was, to the day.
    assert client.get("/me/data/").status_code == 302
    assert list(Membership.objects.filter(person=person).values()) == before
    change.refresh_from_db()
    assert (change.state, change.value, change.stop_hash) == (NumberState.SET, None, None)
    rows = AuditRow.objects.filter(action__startswith="number.").order_by("pk")
    assert list(rows.values_list("action", flat=True)) == [
        "number.ask", "number.check", "number.tell", "number.confirm", "number.set",
    ]  # fmt: skip
    assert not any(NEW in str(row.detail) or OLD in str(row.detail) for row in rows)


def test_one_person_never_does_both_steps_nor_their_own(org: Tree, person: Person) -> None:
    first = officer(org)
    change = shown(org, person)
    with pytest.raises(Problem, match="somebody else"):
        services.confirm_number(actor=first, now=org.now, code=change.code)
    with pytest.raises(Refused):
        services.confirm_number(actor=officer(org, "other", "D2"), now=org.now, code=change.code)
    with pytest.raises(Problem):
        services.confirm_number(actor=SYSTEM, now=org.now, code=change.code)
    with pytest.raises(IntegrityError), atomic():
        NumberChange.objects.filter(pk=change.pk).update(decided_by=first.account_id)
    own = Actor(account_id=first.account_id, person_id=person.pk, name="x", grants=first.grants)
    with pytest.raises(Refused):
        services.ask_number(actor=own, now=org.now, person=person, number=NEW, seen=SEEN)
    with pytest.raises(Refused):
        services.ask_number(actor=ANONYMOUS, now=org.now, person=person, number=NEW, seen=SEEN)


@pytest.mark.parametrize(
    ("number", "seen", "said"),
    [("12", SEEN, "mobile number"), (NEW, "见", "showed you"), (NEW, "证件 11010519491231", "no number of a paper")],
)
def test_what_is_missing_is_said_and_nothing_written(
    org: Tree, person: Person, number: str, seen: str, said: str
) -> None:
    with pytest.raises(Problem, match=said):
        services.ask_number(actor=officer(org), now=org.now, person=person, number=number, seen=seen)
    assert not NumberChange.objects.exists()


def test_a_code_runs_out_and_is_missed_five_times(org: Tree, person: Person) -> None:
    change = services.ask_number(actor=officer(org), now=org.now, person=person, number=NEW, seen=SEEN)
    wrong = "111111" if change.proof != "111111" else "222222"
    for _turn in range(5):
        assert not services.show_number(actor=officer(org), now=org.now, code=change.code, proof=wrong)
    with pytest.raises(Problem, match="five times"):
        services.show_number(actor=officer(org), now=org.now, code=change.code, proof=str(change.proof))
    later = org.now + timedelta(minutes=2)
    again = services.ask_number(actor=officer(org), now=later, person=person, number=NEW, seen=SEEN)
    assert again.pk == change.pk
    with pytest.raises(Problem, match="run out"):
        services.show_number(
            actor=officer(org), now=later + timedelta(minutes=11), code=change.code, proof=str(again.proof)
        )
    with pytest.raises(Problem, match="once the code"):
        services.confirm_number(actor=officer(org, "second"), now=later, code=change.code)
    # Left alone it ends, and keeps no number.
    services.set_numbers(actor=SYSTEM, now=later + timedelta(days=31))
    change.refresh_from_db()
    assert (change.state, change.value, change.proof) == (NumberState.EXPIRED, None, None)


def test_who_holds_an_old_contact_stops_it_and_then_the_unit_above_confirms(org: Tree, person: Person, sms) -> None:
    change = shown(org, person)
    services.confirm_number(actor=officer(org, "second"), now=org.now, code=change.code)
    ((_to, text),) = sms()
    link = re.search(r"/me/stop/[^/\s]+/", text)[0]
    anybody = Client(headers={"accept-language": "en"})
    assert b"stop it" in anybody.get(link).content
    change.refresh_from_db()
    assert change.ended is None
    assert b"your old number stays" in anybody.post(link).content
    assert anybody.get(link).status_code == 410
    assert services.set_numbers(actor=SYSTEM, now=org.now + WAIT) == 0
    assert number_of(person) == OLD
    again = shown(org, person)
    assert again.pk != change.pk
    assert to_confirm(officer(org, "second")) == []
    with pytest.raises(Refused):
        services.confirm_number(actor=officer(org, "second"), now=org.now, code=again.code)
    above = officer(org, "above", "D1")
    assert [row.pk for row in to_confirm(above)] == [again.pk]
    services.confirm_number(actor=above, now=org.now, code=again.code)
    assert services.set_numbers(actor=SYSTEM, now=org.now + WAIT) == 1
    assert number_of(person) == NEW


def test_the_member_stops_it_signed_in_and_sees_it_among_their_data(org: Tree, person: Person) -> None:
    account, _contact = services.way_in(actor=SYSTEM, now=org.now, number=OLD)
    change = shown(org, person)
    me = Client(headers={"accept-language": "en"})
    me.force_login(account)
    assert f"/me/number/{change.code}/" in me.get("/me/data/").content.decode()
    stranger = org.client(Role.BASE_OFFICER, "B1", "second")
    assert stranger.get(f"/me/number/{change.code}/").status_code == 404
    assert "This was not me" in me.get(f"/me/number/{change.code}/").content.decode()
    assert me.post(f"/me/number/{change.code}/").status_code == 200
    change.refresh_from_db()
    assert change.state == NumberState.STOPPED


def test_the_pages_lead_two_officers_through_it(org: Tree, person: Person) -> None:
    first, second = (org.client(Role.BASE_OFFICER, "B1", name) for name in ("first", "second"))
    address = f"/units/B1/contacts/{person.pk}/lost/"
    assert "The number is lost" in first.get(f"/units/B1/contacts/{person.pk}/").content.decode()
    assert first.get(address).status_code == 200
    page = first.post(address, {"number": NEW, "seen": SEEN})
    change = NumberChange.objects.get()
    assert page.headers["Location"] == f"/units/B1/numbers/{change.code}/"
    assert first.get(address).headers["Location"] == page.headers["Location"]
    wrong = "111111" if change.proof != "111111" else "222222"
    answer = first.post(page.headers["Location"], {"to": "show", "proof": wrong}).content.decode()
    assert "This is not the code" in answer
    first.post(page.headers["Location"], {"to": "show", "proof": str(change.proof)})
    assert "A second officer confirms it" in first.get(page.headers["Location"]).content.decode()
    assert "Confirm as the second person" in second.get(page.headers["Location"]).content.decode()
    assert NEW not in second.get(page.headers["Location"]).content.decode()
    second.post(page.headers["Location"], {"to": "refuse", "text": "请带证件再来"})
    change.refresh_from_db()
    assert (change.state, change.reason) == (NumberState.REFUSED, "请带证件再来")
    assert change.value is None
    assert clock() >= change.ended


def test_somebody_without_standing_has_no_number_set(org: Tree, person: Person) -> None:
    Membership.objects.filter(person=person).update(state="left", until=org.now.date())
    with pytest.raises(Problem, match="Only a member"):
        services.ask_number(actor=SYSTEM, now=org.now, person=person, number=NEW, seen=SEEN)
    assert not Account.objects.filter(person=person).exists()
