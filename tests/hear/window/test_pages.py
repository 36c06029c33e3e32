"""Pages of the window: filed without a session, sent twice harmless, lists that hold their number of queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qiao.base.clock import now as read_now
from qiao.hear.window import services
from qiao.hear.window.choices import Identity, Kind, SlotState, State, Way
from qiao.hear.window.models import Appointment, Message, QueueTicket, Request, Transition
from qiao.org.access.choices import Role
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, checker, desk, filed, handler, nonce, reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return make_tree(read_now())


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def kept(html: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', html)
    assert found
    return found[1]


def file_one(visitor: Client) -> tuple[str, str, str]:
    page = visitor.get("/hear/window/ask/").content.decode()
    page = visitor.post(
        "/hear/window/ask/", {"kept": kept(page), "step": "1", "text": TEXT, "kind": "solution", "topic": "pay"}
    ).content.decode()
    data = {"kept": kept(page), "step": "2", "identity": "anonymous"}
    first, again = (
        visitor.post("/hear/window/ask/", {**data, "papers": SimpleUploadedFile("a.txt", "证据".encode("gb18030"))})
        for _turn in range(2)
    )
    first, again = first.content.decode(), again.content.decode()
    number = re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", first)
    secret = re.search(r'class="big">(\w{4}-\w{4}-\w{4})<', first)
    assert number
    assert secret
    assert number[0] in again
    assert secret[1] in again
    return number[0], secret[1], first


def test_filed_in_two_pages_without_a_session_and_sent_twice_is_one(tree: Tree, visitor: Client) -> None:
    desk(tree, "F")
    number, secret, page = file_one(visitor)
    request = Request.objects.get()
    assert (request.receipt, request.kind, request.attachments.count()) == (number, "solution", 1)
    assert Session.objects.count() == 0
    assert "sessionid" not in visitor.cookies
    assert visitor.post("/hear/window/state/", {"number": number, "secret": "2222-2222-2222"}).status_code == 200
    shown = visitor.post("/hear/window/state/", {"number": number, "secret": secret}).content.decode()
    assert TEXT in shown
    assert "secret" in page.lower()
    proof = visitor.post("/hear/window/state/", {"number": number, "secret": secret, "act": "proof"}).json()
    assert proof["sha256"] == request.filing_hash
    assert Session.objects.count() == 0


def test_the_asker_writes_and_every_form_sent_twice_is_once(tree: Tree, visitor: Client) -> None:
    made = filed(tree)
    keys = {"number": made.request.receipt, "secret": made.secret}
    words = {**keys, "act": "write", "text": "补充：还有两位同事。", "nonce": nonce()}
    for _turn in range(2):
        assert visitor.post("/hear/window/state/", words).status_code == 200
    assert Message.objects.filter(request=made.request, by_asker=True).count() == 1
    wrong = visitor.post("/hear/window/state/", {**keys, "act": "write", "text": "", "nonce": nonce()})
    assert wrong.status_code == 200
    assert Message.objects.filter(request=made.request).count() == 1


def test_the_receipt_alone_tells_the_state_and_no_word(tree: Tree, visitor: Client) -> None:
    made = filed(tree, identity=Identity.NAMED, name="云一诺", contact="13900001234")
    page = visitor.get(f"/receipt/?number={made.request.receipt}").content.decode()
    assert "Received" in page
    for hidden in (TEXT, "云一诺", "139"):
        assert hidden not in page


def test_guessing_secrets_is_slowed(tree: Tree, visitor: Client) -> None:
    made = filed(tree)
    keys = {"number": made.request.receipt, "secret": "2222-2222-2222"}
    for _turn in range(32):
        page = visitor.post("/hear/window/state/", keys)
    assert "Too many tries" in page.content.decode()
    # Whoever types nonsense shuts nobody out, not even from the same address.
    own = visitor.post("/hear/window/state/", {**keys, "secret": made.secret})
    assert TEXT in own.content.decode()


def test_others_asked_the_same_is_shown_before_it_is_sent(tree: Tree, visitor: Client) -> None:
    request = reach(tree, State.CLOSED)
    services.publish_request(
        actor=desk(tree), now=tree.now, code=request.code, text="单位拖欠加班费怎么办？", answer="可以要求补发。"
    )
    page = visitor.get("/hear/window/ask/").content.decode()
    page = visitor.post(
        "/hear/window/ask/", {"kept": kept(page), "step": "1", "text": TEXT, "kind": "question", "topic": "pay"}
    ).content.decode()
    assert "单位拖欠加班费怎么办" in page
    assert visitor.get(f"/hear/window/answered/{request.code}/").status_code == 200
    assert visitor.get("/hear/window/answered/?text=加班费").content.decode().count(request.code) >= 1
    assert visitor.get("/hear/window/counts/").status_code == 200
    assert visitor.get("/hear/window/").status_code == 200


def test_whoever_speaks_of_dying_is_told_whom_to_call_at_once(tree: Tree, visitor: Client) -> None:
    page = visitor.get("/hear/window/ask/").content.decode()
    page = visitor.post(
        "/hear/window/ask/",
        {"kept": kept(page), "step": "1", "text": "我不想活了", "kind": "question", "topic": "other"},
    ).content.decode()
    assert "You are not alone" in page
    assert "120 / 110" in page


def test_a_request_is_walked_through_by_its_pages(tree: Tree) -> None:
    made = filed(tree)
    code, url = made.request.code, f"/hear/window/desk/{made.request.code}/"
    desk_client = tree.client(Role.DESK_OFFICER, "H1")
    work, check = tree.client(Role.CASE_HANDLER, "H1"), tree.client(Role.ORG_OFFICER, "H1")
    account = tree.account(Role.CASE_HANDLER, "H1")
    assert work.get(url).status_code == 404

    def act(client: Client, key: str, **data: object) -> None:
        assert client.get(url).status_code == 200
        answer = client.post(f"{url}do/{key}/", data)
        assert answer.status_code == 302, answer.content.decode()

    act(desk_client, "sort", topic="pay", time_class="hard")
    act(desk_client, "assign", body="H1", handler=account.pk)
    act(work, "accept")
    act(work, "write", text="请问是哪几天？", nonce=nonce())
    act(work, "extend", days=3, reason="核对考勤。", nonce=nonce())
    act(work, "answer", text="已补发。", nonce=nonce())
    act(check, "call_back", outcome="solved", nonce=nonce(), grade="2")
    act(check, "mend", text="已上门说明。", nonce=nonce())
    act(check, "close", quality="on")
    request = Request.objects.get(code=code)
    assert request.state == State.CLOSED
    assert services.digest_holds(request)
    steps = Transition.objects.filter(request=request).count()
    assert desk_client.post(f"{url}do/answer/", {"text": "x", "nonce": nonce()}).status_code in (200, 403)
    assert desk_client.post(f"{url}do/nonsense/").status_code == 404
    assert Transition.objects.filter(request=request).count() == steps
    assert tree.client(Role.DESK_OFFICER, "D2").get(url).status_code == 404


def test_name_and_papers_are_shut_until_somebody_says_why(tree: Tree) -> None:
    made = filed(tree, identity=Identity.CONFIDENTIAL, name="云一诺", contact="13900001234").request
    services.add_file(
        actor=desk(tree), now=tree.now, request=made, upload=SimpleUploadedFile("名单.txt", b"all names"), by_asker=True
    )
    url = f"/hear/window/desk/{made.code}/"
    client = tree.client(Role.DESK_OFFICER, "H1")
    assert "云一诺" not in client.get(url).content.decode()
    assert "云一诺" in client.post(f"{url}asker/", {"reason": "回电话核实"}).content.decode()
    paper = made.attachments.get().pk
    assert client.post(f"{url}files/{paper}/").content == b"all names"
    client.post(f"{url}files/{paper}/redact/", {"copy": SimpleUploadedFile("copy.txt", b"no names")})
    assert client.post(f"{url}files/{paper}/").content == b"no names"
    assert client.post(f"{url}files/{paper}/", {"reason": "核对原件"}).content == b"all names"
    assert made.looks.count() == 2


def test_intake_by_telephone_answers_at_once_and_shows_the_receipt(tree: Tree) -> None:
    client = tree.client(Role.DESK_OFFICER, "H1")
    assert client.get("/hear/window/desk/new/?caller=13900001234").status_code == 200
    data = {
        "channel": "phone", "text": TEXT, "kind": "question", "topic": "pay", "identity": "confidential",
        "contact": "13900001234", "answer": "按 150% 付。", "nonce": nonce(),
    }  # fmt: skip
    for _turn in range(2):
        page = client.post("/hear/window/desk/new/", data).content.decode()
        assert "R-" in page
    request = Request.objects.get()
    assert (request.state, request.channel, request.first_visit) == (State.ANSWERED_AT_ONCE, "phone", True)
    found = client.get("/hear/window/desk/new/?caller=139-0000-1234").content.decode()
    assert request.code in found
    assert client.post("/hear/window/desk/new/", {**data, "contact": "12", "nonce": nonce()}).status_code == 200
    assert Request.objects.count() == 1


def test_the_inbox_holds_its_queries_at_one_and_at_thirty(tree: Tree) -> None:
    client = tree.client(Role.DESK_OFFICER, "H1")
    filed(tree)
    client.get("/hear/window/desk/")
    counts = []
    for number in (0, 30):
        for one in range(number):
            filed(tree, text=f"{TEXT}{one}")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/hear/window/desk/?view=open&topic=other")
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    book = client.get("/hear/window/desk.xlsx?view=open")
    assert book.content[:2] == b"PK"
    codes = list(Request.objects.values_list("code", flat=True)[:3])
    client.post(
        "/hear/window/desk/give/", {"code": codes, "handler": tree.account(Role.DESK_OFFICER, "H1").pk, "query": ""}
    )
    assert Request.objects.filter(state=State.ASSIGNED).count() == 3


def test_the_counter_calls_in_turn_and_appointments_are_booked_once(tree: Tree, visitor: Client) -> None:
    client = tree.client(Role.DESK_OFFICER, "H1")
    base = "/hear/window/desk/counter/H1/"
    key = nonce()
    for _turn in range(2):
        assert client.post(f"{base}draw/", {"kind": Kind.QUESTION, "nonce": key}).status_code == 302
    client.post(f"{base}draw/", {"kind": Kind.QUESTION, "nonce": nonce()})
    assert list(QueueTicket.objects.values_list("number", flat=True)) == [1, 2]
    client.post(f"{base}call/", {"desk_number": 3})
    assert "3" in visitor.get("/hear/window/hall/H1/").content.decode()
    ticket = QueueTicket.objects.get(number=2)
    assert "1" not in visitor.get(f"/hear/window/ticket/{ticket.key}/").content.decode().split("wait")[0][-20:]
    client.post(f"{base}numbers/{QueueTicket.objects.get(number=1).pk}/", {"served": "yes"})
    starts = tree.now + timedelta(days=1)
    offered = {
        "starts": starts.strftime("%Y-%m-%dT%H:%M"), "ends": (starts + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "minutes": 30, "lanes": 1, "way": Way.HOME,
    }  # fmt: skip
    for _turn in range(2):
        client.post(f"{base}offer/", offered)
    assert Appointment.objects.count() == 2
    slot = Appointment.objects.order_by("starts")[0]
    assert visitor.get("/hear/window/appointments/H1/").status_code == 200
    url = f"/hear/window/appointment/{slot.code}/"
    assert "Write where we come to" in visitor.post(url, {"nonce": nonce()}).content.decode()
    data = {"nonce": nonce(), "address": "桥头 3 号"}
    first, again = (visitor.post(url, data).content.decode() for _turn in range(2))
    secret = re.search(r'class="big">(\w{4}-\w{4}-\w{4})<', first)
    assert secret
    assert secret[1] in again
    assert "quicker" in visitor.post(url, {"nonce": nonce(), "address": "别处"}).content.decode()
    assert visitor.post(f"{url}booked/", {"secret": "2222-2222-2222"}).status_code == 200
    assert Appointment.objects.get(pk=slot.pk).state == SlotState.BOOKED
    visitor.post(f"{url}booked/", {"secret": secret[1]})
    assert Appointment.objects.get(pk=slot.pk).state == SlotState.OFFERED
    assert Appointment.objects.get(pk=slot.pk).address is None
    assert client.get(base).status_code == 200


def test_receivers_and_templates_are_kept_on_one_page(tree: Tree) -> None:
    client = tree.client(Role.DESK_OFFICER, "D1")
    url = "/hear/window/desk/kept/"
    assert client.post(url, {"act": "receiver", "place": "H1", "body": "D1", "topic": "pay"}).status_code == 302
    assert client.post(url, {"act": "receiver", "place": "D2", "body": "D1"}).status_code == 200
    text = {"unit": "D1", "state": "answered", "title_zh_hans": "补发", "text_zh_hans": "{nobody}"}
    assert "nobody" in client.post(url, {"act": "template", **text}).content.decode()
    assert client.get(url).status_code == 200


def test_every_state_has_its_page_for_both_sides(tree: Tree, visitor: Client) -> None:
    client = tree.client(Role.DESK_OFFICER, "H1", name="another-desk")
    for state in (State.RECEIVED, State.ASSIGNED, State.IN_HAND, State.ANSWERED, State.CALLED_BACK, State.CLOSED):
        request = reach(tree, state, text=f"{TEXT}{state}")
        assert client.get(f"/hear/window/desk/{request.code}/").status_code == 200
    assert handler(tree) != checker(tree)
    for language in ("en", "zh-hans"):
        page = Client(headers={"accept-language": language}).get("/hear/window/ask/")
        assert page.status_code == 200
        assert len(page.content) < 60_000
