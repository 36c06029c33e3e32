"""Signing in by a code sent to a mobile number; accounts of members who have nothing else."""

from __future__ import annotations

import email
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from tests.factories.joining import apply, given
from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.clock import now as clock
from qiao.org.access.choices import Role
from qiao.org.joining import services as joining
from qiao.org.joining.choices import Identity
from qiao.org.membership.choices import Confirmation
from qiao.org.people import services
from qiao.org.people.choices import ContactState
from qiao.org.people.models import Account, Contact, Person

NUMBER = "13800138000"
WRONG = "This is not the code, or it has run out."


@pytest.fixture
def place(db: None) -> Tree:
    return make_tree(clock())


@pytest.fixture
def sms(settings, tmp_path: Path) -> Callable[[], list[tuple[str, str]]]:
    """What was sent to mobile numbers since the last look, after doing what is queued; nothing waits with a number."""
    settings.EMAIL_FILE_PATH = tmp_path

    def sent() -> list[tuple[str, str]]:
        while True:
            with connection.cursor() as cursor:
                cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
                rows = cursor.fetchall()
                cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo'")
            if not rows:
                break
            for name, args in rows:
                assert NUMBER not in str(args)
                app.tasks[name](**(json.loads(args) if isinstance(args, str) else args))
        found = []
        for file in sorted(tmp_path.glob("sms-*.log"), key=lambda one: one.stat().st_mtime_ns):
            message = email.message_from_bytes(file.read_bytes())
            found.append((str(message["To"]).split("@")[0], message.get_payload(decode=True).decode()))
            file.unlink()
        return found

    return sent


def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def ask(client: Client, number: str = NUMBER):
    return client.post("/account/login/code/", {"email": number})


def code_in(messages: list[tuple[str, str]]) -> str:
    """The latest code; a person of the tests reads Chinese."""
    codes = [found[1] for _to, text in messages if (found := re.search(r"(?:验证码是|code is) (\d{6})", text))]
    return codes[-1]


def enter(client: Client, code: str):
    return client.post("/account/login/code/confirm/", {"code": code})


def with_number(
    place: Tree, name: str = "云一", number: str = NUMBER, *, mail: str = "", confirmed: bool = True
) -> Person:
    person = place.member("B1", name).person
    services.set_contact(actor=SYSTEM, now=place.now, person=person, kind="mobile", value=number, confirmed=confirmed)
    if mail:
        services.open_account(actor=SYSTEM, now=place.now, email=mail, display_name=name, person=person)
    return person


def test_a_confirmed_number_signs_in_however_it_is_typed(place: Tree, sms) -> None:
    person = with_number(place, mail="one@x.example")
    client = browser()
    answer = ask(client, "+86 138-0013-8000")
    assert (answer.status_code, answer.url) == (302, "/account/login/code/confirm/")
    assert "address or number belongs to an account" in client.get(answer.url).content.decode()
    sent = sms()
    assert [to for to, _text in sent] == [NUMBER]
    assert enter(client, code_in(sent)).url == "/me/"
    assert client.session["_auth_user_id"] == str(person.account.pk)
    assert "You are a member of" in client.get("/me/").content.decode()
    # The code is used up.
    assert Contact.objects.get(person=person).code is None


def test_whoever_asks_learns_nothing_about_a_number(place: Tree, sms, caplog: pytest.LogCaptureFixture) -> None:
    with_number(place)
    with caplog.at_level(logging.DEBUG):
        known, unknown = browser(), browser()
        answers = [ask(known), ask(unknown, "13900000000")]
        pages = [client.get("/account/login/code/confirm/").content.decode() for client in (known, unknown)]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/account/login/code/confirm/")}
    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert strip.sub("", pages[0]) == strip.sub("", pages[1])
    # Neither the queue nor the session nor the log holds a number.
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE status = 'todo'")
        waiting = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM base_throttle WHERE name LIKE '%%138%%'")
        assert cursor.fetchone()[0] == 0
    assert len(waiting) == 2
    kept = "".join(json.dumps(session.get_decoded()) for session in Session.objects.all())
    for number in (NUMBER, "13900000000"):
        assert number not in "".join(waiting) + kept + caplog.text
    assert [to for to, _text in sms()] == [NUMBER]
    assert WRONG in enter(unknown, "123456").content.decode()
    assert WRONG in enter(known, "000000").content.decode()


def test_a_code_is_not_guessed(place: Tree, sms) -> None:
    with_number(place)
    client = browser()
    for _round in range(5):
        assert ask(client).status_code == 302
    # Asking again and again waits longer and longer, for a number nobody has as well.
    assert "Too many tries" in ask(client).content.decode()
    for _round in range(5):
        assert ask(client, "13911111111").status_code == 302
    assert "Too many tries" in ask(client, "139 1111 1111").content.decode()
    right = code_in(sms())
    wrong = "111111" if right != "111111" else "222222"
    for _try in range(3):
        enter(client, wrong)
    enter(client, right)
    assert "_auth_user_id" not in client.session


def test_a_number_that_is_not_surely_one_persons_signs_in_nobody(place: Tree, sms) -> None:
    with_number(place, "云一", mail="one@x.example")
    second = with_number(place, "云二", mail="two@x.example", confirmed=False)
    # Claiming somebody else's number takes nothing from them.
    ask(browser())
    assert [to for to, _text in sms()] == [NUMBER]
    services.set_contact(actor=SYSTEM, now=place.now, person=second, kind="mobile", value=NUMBER, confirmed=True)
    client = browser()
    assert ask(client).status_code == 302
    assert sms() == []
    assert ask(browser(), "hello").status_code == 200
    third = with_number(place, "云三", "13700137000", mail="three@x.example")
    services.mark_stale(actor=SYSTEM, now=place.now, person=third, kind="mobile")
    Account.objects.filter(person=second).update(is_active=False)
    ask(browser(), "13700137000")
    assert sms() == []


def test_an_officer_cannot_make_a_member_s_account_theirs(place: Tree, sms) -> None:
    person = with_number(place)
    client = browser()
    ask(client)
    enter(client, code_in(sms()))
    officer = place.officer(Role.BASE_OFFICER, "B1")
    services.set_contact(actor=officer, now=place.now, person=person, kind="mobile", value="13600136000")
    ask(browser(), "13600136000")
    assert sms() == []


def test_a_closed_account_stays_closed(place: Tree, sms) -> None:
    person = with_number(place, mail="one@x.example")
    Account.objects.filter(person=person).update(is_active=False)
    ask(browser())
    assert sms() == []


def test_who_joins_with_a_number_alone_signs_in_by_it(place: Tree, sms) -> None:
    application = apply(place, contact=NUMBER)
    officer = place.officer(Role.HUB_ORGANISER, application.unit.label)
    joining.note_identity(actor=officer, now=place.now, code=application.code, identity=Identity.PAPER)
    joining.approve(actor=officer, now=place.now, code=application.code)
    account = Account.objects.get(person__name=application.name)
    assert (account.email, account.has_usable_password()) == ("", False)
    sms()
    contact = Contact.objects.get(person=account.person)
    assert contact.state == ContactState.UNCONFIRMED
    client = browser()
    ask(client)
    assert enter(client, code_in(sms())).status_code == 302
    contact.refresh_from_db()
    assert contact.state == ContactState.CONFIRMED
    assert client.get("/me/membership/").status_code == 200
    assert client.get("/me/data/").status_code == 200
    assert "No account has this address" not in str(sms())
    # A second time, on another device: the number is told of it.
    other = Client(headers={"accept-language": "en", "user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile"})
    ask(other)
    enter(other, code_in(sms()))
    assert any("new device" in text or "新设备" in text for _to, text in sms())


def test_a_number_an_officer_wrote_down_opens_nothing_until_the_worker_has_confirmed(place: Tree, sms) -> None:
    hub = place["H1"]
    clerk = place.officer(Role.HUB_ORGANISER, "H1", "clerk")
    officer = place.officer(Role.HUB_ORGANISER, "H1", "decides")
    for number, how in ((NUMBER, Confirmation.SIGNATURE), ("13900139000", Confirmation.CODE)):
        application = joining.enter_application(
            actor=clerk, now=place.now, given=given(contact=number, nonce=number, at=hub, name=f"云{number[-4:]}"),
            at=hub, how=how,
        )  # fmt: skip
        if how == Confirmation.CODE:
            code = re.search(r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})", sms()[-1][1])
            assert code
            joining.confirm_application(actor=SYSTEM, now=place.now, receipt=application.receipt, code=code[1])
        joining.note_identity(actor=officer, now=place.now, code=application.code, identity=Identity.PAPER)
        joining.approve(actor=officer, now=place.now, code=application.code)
    assert [account.person.name for account in Account.objects.filter(email="")] == ["云9000"]
    sms()
    ask(browser())
    assert sms() == []


def test_a_member_with_a_confirmed_number_and_no_account_gets_one(place: Tree, sms) -> None:
    person = with_number(place)
    assert not Account.objects.filter(person=person).exists()
    client = browser()
    ask(client)
    enter(client, code_in(sms()))
    assert client.session["_auth_user_id"] == str(Account.objects.get(person=person).pk)
    with pytest.raises(Refused):
        services.way_in(actor=place.officer(Role.BASE_OFFICER, "B1"), now=place.now, number=NUMBER)


def test_confirming_that_it_is_still_you_goes_to_the_number(place: Tree, sms, settings) -> None:
    settings.FRESH_SECONDS = 900
    with_number(place)
    client = browser()
    ask(client)
    enter(client, code_in(sms()))
    sms()
    client.post("/me/confirm/", {"next": "/me/"})
    code = code_in(sms())
    assert client.post("/me/confirm/", {"next": "/me/", "code": code}).status_code == 302
