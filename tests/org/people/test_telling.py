from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from pytest_django import Settings
from tests.factories.org import Tree

from qiao.base import telling
from qiao.base.access import ANONYMOUS, SYSTEM, Actor, Refused
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.people import queries, services
from qiao.org.people.choices import Channel, DeliveryState
from qiao.org.people.models import Contact, Delivery, Person, PersonMessage
from qiao.org.people.rules import plan


@pytest.fixture
def person(org: Tree) -> Person:
    return org.member("B1", "舟小渡").person


def own(person: Person) -> Actor:
    return Actor(account_id=1, person_id=person.pk, name=person.name)


def reachable(person: Person, org: Tree, *kinds: str) -> None:
    for kind in kinds:
        value = "13800138000" if kind == "mobile" else "zhou@example.org"
        services.set_contact(actor=own(person), now=org.now, person=person, kind=kind, value=value)
        services.give_consent(
            actor=own(person), now=org.now, person=person, kind="channel_sms" if kind == "mobile" else "channel_mail"
        )


def say(person: Person, org: Tree, once: str = "") -> PersonMessage:
    message = services.tell(
        now=org.now, person_id=person.pk, subject={"zh-hans": "有新进展", "en": "News"}, url="/me/",
        text={"zh-hans": "您反映的班车问题已经立项。", "en": "It moves."}, once=once,
    )  # fmt: skip
    assert message is not None
    return message


def carry_all(org: Tree) -> None:
    """What the worker does, until nothing waits."""
    for _ in range(20):
        waiting = Delivery.objects.filter(state=DeliveryState.WAITING).order_by("pk").first()
        if waiting is None:
            return
        services.carry(actor=SYSTEM, now=org.now, delivery_id=waiting.pk)
    raise AssertionError("deliveries never end")


def states(message: PersonMessage) -> list[tuple[str, str]]:
    return list(message.deliveries.order_by("pk").values_list("channel", "state"))


class Gateway:
    """A gateway of SMS on this machine: what it got, and how it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.got.append((self.headers["Authorization"], body))
                self.send_response(outer.status)
                if outer.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    made = Gateway()
    settings.SMS_URL, settings.SMS_TOKEN = made.url, "t0ken"
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_nothing_leaves_without_consent(org: Tree, person: Person) -> None:
    services.set_contact(actor=own(person), now=org.now, person=person, kind="mail", value="zhou@example.org")
    message = say(person, org)
    assert states(message) == []
    assert [row.subject for row in queries.messages_of(own(person))] == ["有新进展"]


def test_the_chosen_channel_comes_first(org: Tree, person: Person, gateway: Gateway) -> None:
    reachable(person, org, "mail", "mobile")
    services.choose_channels(actor=own(person), now=org.now, channels=["sms", "mail"])
    message = say(person, org)
    carry_all(org)
    assert states(message) == [("sms", "sent")]
    assert gateway.got[0][0] == "Bearer t0ken"
    assert gateway.got[0][1]["to"] == "13800138000"
    assert gateway.got[0][1]["text"].startswith("您反映的班车问题已经立项。")
    assert mail.outbox == []
    with pytest.raises(Problem):
        services.choose_channels(actor=own(person), now=org.now, channels=["pigeon"])


@pytest.mark.parametrize(
    ("status", "tries", "contact"), [(500, 3, "unconfirmed"), (302, 3, "unconfirmed"), (404, 1, "stale")]
)
def test_a_failed_delivery_falls_to_the_next_channel(
    org: Tree, person: Person, gateway: Gateway, status: int, tries: int, contact: str
) -> None:
    gateway.status = status
    reachable(person, org, "mail", "mobile")
    services.choose_channels(actor=own(person), now=org.now, channels=["sms"])
    message = say(person, org)
    carry_all(org)
    assert states(message) == [("sms", "failed"), ("mail", "sent")]
    failed = message.deliveries.get(channel=Channel.SMS)
    assert (failed.tries, failed.fault) == (tries, f"http_{status}")
    assert len(gateway.got) == tries
    assert Contact.objects.get(kind="mobile").state == contact
    assert mail.outbox[0].to == ["zhou@example.org"]


def test_a_gateway_is_reached_over_a_closed_line_only(org: Tree, person: Person, settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_TOKEN = "http://sms.example.org/send", "t0ken"
    reachable(person, org, "mobile")
    message = say(person, org)
    carry_all(org)
    assert states(message) == [("sms", "failed")]
    assert message.deliveries.get().fault == "open_line"


def test_carrying_twice_sends_once(org: Tree, person: Person) -> None:
    reachable(person, org, "mail")
    message = say(person, org)
    delivery = message.deliveries.get()
    for _ in range(3):
        services.carry(actor=SYSTEM, now=org.now, delivery_id=delivery.pk)
    assert len(mail.outbox) == 1
    with pytest.raises(Refused):
        services.carry(actor=ANONYMOUS, now=org.now, delivery_id=delivery.pk)


def test_telling_once_is_telling_once(org: Tree, person: Person) -> None:
    assert say(person, org, once="x:1") == say(person, org, once="x:1")
    assert PersonMessage.objects.count() == 1


def test_a_consent_taken_back_stops_what_waits(org: Tree, person: Person) -> None:
    reachable(person, org, "mail")
    message = say(person, org)
    services.revoke_consent(actor=own(person), now=org.now, person=person, kind="channel_mail")
    assert queries.has_consent(person.pk, "channel_mail") is False
    carry_all(org)
    assert states(message) == [("mail", "skipped")]
    assert mail.outbox == []
    # The taking back itself is told, on the platform.
    assert PersonMessage.objects.filter(person=person).count() == 2


def test_without_a_gateway_an_sms_lies_in_the_outbox(
    org: Tree, person: Person, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    reachable(person, org, "mobile")
    say(person, org)
    carry_all(org)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    from qiao.web.queries import outbox

    (shown,) = outbox()
    assert (shown.to, shown.subject) == ("13800138000@sms.invalid", "SMS")
    assert "班车" in shown.text


def test_apps_below_tell_through_the_same_channels(org: Tree, person: Person) -> None:
    account = org.account(Role.BASE_OFFICER, "B1")
    for message in (
        telling.Message(subject={"en": "S"}, text={"en": "T"}, person_id=person.pk),
        telling.Message(subject={"en": "S"}, text={"en": "T"}, account_id=account.pk),
    ):
        assert telling.tell(message, org.now) is True
    carry_all(org)
    assert [sent.to for sent in mail.outbox] == [[account.email]]
    assert len(queries.messages_of(org.officer(Role.BASE_OFFICER, "B1"))) == 1
    assert queries.messages_of(ANONYMOUS) == []


def test_the_plan_follows_wish_consent_and_reach() -> None:
    both = ["channel_mail", "channel_sms"]
    assert plan(["sms"], consents=both, reachable=["mail", "sms"]) == ["sms", "mail"]
    assert plan([], consents=both, reachable=["sms"]) == ["sms"]
    assert plan(["sms", "mail"], consents=["channel_mail"], reachable=["mail", "sms"]) == ["mail"]
    assert plan(["sms"], consents=[], reachable=["mail", "sms"]) == []


def test_no_contact_and_no_content_lies_open_anywhere(
    org: Tree, person: Person, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    """Planted values are searched for in every table of the database, the queue's too, and in the log."""
    gateway.status = 500
    reachable(person, org, "mail", "mobile")
    services.ask_code(actor=own(person), now=org.now, kind="mobile")
    services.choose_channels(actor=own(person), now=org.now, channels=["sms"])
    say(person, org)
    services.file_request(actor=own(person), now=org.now, kind="correction", field="other", text="我的班车站名写错")
    services.look_at_contacts(
        actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, person=person, reason="call about a letter"
    )
    carry_all(org)
    planted = ["13800138000", "zhou@example.org", "班车"]
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        assert "procrastinate_jobs" in tables
        for table in tables:
            for text in planted:
                # Bytes are searched as they are, not in their hexadecimal form alone.
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                    [f"%{text}%", f"%{text.encode().hex()}%"],
                )
                if cursor.fetchone()[0]:
                    found.append((table, text))
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'people.%%'")
        assert cursor.fetchone()[0] >= 3
    assert found == []
    assert not any(text in caplog.text for text in planted)
