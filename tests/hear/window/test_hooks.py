"""Notices to other systems, against a real receiver on this machine."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.test import override_settings

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.window import services
from qiao.hear.window.choices import DeliveryState, HookState, Identity, State
from qiao.hear.window.models import Delivery, Hook
from qiao.hear.window.rules.hooks import LEASE, clean_url, is_allowed, signature, signature_fits, wait_after
from qiao.hear.window.services import hooks as module
from qiao.hear.window.services import posting
from qiao.org.access.choices import Role
from qiao.org.retention.services import run_rule
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, desk, filed, reach

pytestmark = pytest.mark.django_db


#: Not a status: the receiver sends one line of its answer after another.
DRIPPING = -1


class Receiver:
    """Keeps what it is told; answers with ``status``, or hangs up."""

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], str]] = []
        self.status: int | None = 200
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                owner.seen.append((dict(self.headers.items()), body))
                if owner.status == DRIPPING:
                    with contextlib.suppress(OSError):
                        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                        for _turn in range(200):
                            self.wfile.write(b"X: 1\r\n" if _turn % 40 == 0 else b"")
                            self.wfile.flush()
                            time.sleep(0.05)
                    return
                if owner.status is None:
                    self.connection.close()
                    return
                self.send_response(owner.status)
                if owner.status == 302:
                    self.send_header("Location", "http://169.254.169.254/")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/told?x=1"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    with override_settings(HOOK_NETWORKS=("127.0.0.0/8",)):
        yield made
    made.close()


@pytest.fixture
def tree(now: datetime) -> Tree:
    return make_tree(now)


def add(tree: Tree, url: str, label: str = "H1", events: tuple[str, ...] = ("request.*",)) -> tuple[Hook, str]:
    return services.add_hook(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, unit=tree[label], url=url, events=events
    )


def test_each_step_is_told_signed_and_without_anything_of_the_asker(tree: Tree, receiver: Receiver) -> None:
    _hook, secret = add(tree, receiver.url)
    request = reach(tree, State.ANSWERED, identity=Identity.NAMED, name="林一", contact="13900001234")
    assert services.deliver_due(now=tree.now) == 4
    bodies = [json.loads(body) for _headers, body in receiver.seen]
    assert [body["event"] for body in bodies] == [
        "request.received", "request.assigned", "request.accepted", "request.in_hand",
    ]  # fmt: skip
    assert services.deliver_due(now=tree.now + timedelta(days=2)) == 1
    headers, body = receiver.seen[-1]
    told = json.loads(body)
    assert (told["request"]["code"], told["request"]["state"]) == (request.code, "answered")
    assert (headers["Qiao-Event"], headers["Qiao-Delivery"]) == ("request.answered", told["id"])
    at = int((tree.now + timedelta(days=2)).timestamp())
    assert signature_fits(secret, headers["Qiao-Signature"], body, at)
    everything = json.dumps(receiver.seen, ensure_ascii=False)
    for private in ("林一", "13900001234", TEXT, request.receipt, request.secret):
        assert private not in everything
    # The moment somebody filed is not told either: days only.
    assert told["at"] == "2026-05-12"


def test_a_notice_caught_and_sent_again_is_known(tree: Tree, receiver: Receiver) -> None:
    _hook, secret = add(tree, receiver.url)
    filed(tree)
    services.deliver_due(now=tree.now)
    headers, body = receiver.seen[0]
    at = int(tree.now.timestamp())
    header = headers["Qiao-Signature"]
    assert signature_fits(secret, header, body, at)
    assert not signature_fits(secret, header, body, at + 600)
    assert not signature_fits(secret, header, body + " ", at)
    assert not signature_fits("qh_other", header, body, at)
    assert not signature_fits(secret, header.replace(f"t={at}", f"t={at + 600}"), body, at + 600)
    assert not signature_fits(secret, f"{header},t={at + 600}", body, at)
    assert not signature_fits(secret, "", body, at)
    # A delivered notice does not go out twice, whichever job asks.
    assert services.deliver(now=tree.now + timedelta(days=1), delivery_id=Delivery.objects.get().pk) is None
    assert len(receiver.seen) == 1


def test_what_does_not_come_through_is_tried_again_later_and_later(tree: Tree, receiver: Receiver) -> None:
    add(tree, receiver.url)
    filed(tree)
    row = Delivery.objects.get()
    receiver.status = 500
    services.deliver(now=tree.now, delivery_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries, row.status, row.due) == (
        DeliveryState.WAITING, 1, 500, tree.now + timedelta(minutes=1),
    )  # fmt: skip
    assert services.deliver(now=tree.now + timedelta(seconds=30), delivery_id=row.pk) is None
    receiver.status = None
    services.deliver_due(now=row.due)
    row.refresh_from_db()
    assert (row.tries, row.status, row.due) == (2, None, tree.now + timedelta(minutes=6))
    receiver.status = 204
    services.deliver_due(now=row.due)
    row.refresh_from_db()
    assert (row.state, row.tries, Hook.objects.get().failures) == (DeliveryState.DELIVERED, 3, 0)
    assert len({headers["Qiao-Delivery"] for headers, _body in receiver.seen}) == 1
    assert [wait_after(tries) for tries in (1, 2, 99)] == [
        timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=24),
    ]  # fmt: skip


def test_a_redirect_is_no_delivery_and_is_not_followed(tree: Tree, receiver: Receiver) -> None:
    add(tree, receiver.url)
    filed(tree)
    receiver.status = 302
    services.deliver_due(now=tree.now)
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert len(receiver.seen) == 1


def test_a_receiver_that_never_ends_its_answer_holds_no_worker(
    tree: Tree, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, receiver.url)
    filed(tree)
    monkeypatch.setattr(posting, "LONGEST", 0.5)
    receiver.status = DRIPPING
    begun = time.monotonic()
    services.deliver_due(now=tree.now)
    assert time.monotonic() - begun < 5
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_killed_between_sending_and_writing_it_is_sent_again(
    tree: Tree, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, receiver.url)
    filed(tree)
    real = module.post

    def killed(url: str, body: str, headers: dict[str, str]) -> object:
        real(url, body, headers)
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(module, "post", killed)
        with pytest.raises(SystemExit):
            services.deliver_due(now=tree.now)
    row = Delivery.objects.get()
    assert (row.state, row.tries) == (DeliveryState.WAITING, 1)
    # Not while another may still be at it; after that again, with the same id.
    assert services.deliver_due(now=tree.now + LEASE / 2) == 0
    assert services.deliver_due(now=tree.now + LEASE) == 1
    assert [headers["Qiao-Delivery"] for headers, _body in receiver.seen] == [str(row.key)] * 2
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_after_many_failures_it_is_switched_off_and_nothing_is_lost(tree: Tree, receiver: Receiver) -> None:
    from qiao.hear.window.queries import desk_items

    hook, _secret = add(tree, receiver.url, "F")
    receiver.status = 503
    filed(tree)
    moment = tree.now
    for _turn in range(12):
        services.deliver_due(now=moment)
        moment += timedelta(days=1)
    hook.refresh_from_db()
    assert (hook.state, hook.failures) == (HookState.DISABLED, 10)
    assert len(receiver.seen) == 10
    officer = tree.officer(Role.ORG_OFFICER, "F")
    assert any(item.url.endswith(f"/hooks/{hook.pk}/") for item in desk_items(actor=officer, now=moment))
    filed(tree)
    assert services.deliver_due(now=moment) == 0
    receiver.status = 200
    services.resume_hook(actor=officer, now=moment, hook_id=hook.pk)
    assert services.deliver_due(now=moment) == 2
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


def test_a_step_undone_leaves_no_notice_and_a_step_done_always_one(tree: Tree, receiver: Receiver) -> None:
    add(tree, receiver.url)
    desk(tree)

    def filed_and_undone() -> None:
        with atomic():
            filed(tree)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        filed_and_undone()
    assert Delivery.objects.count() == 0
    filed(tree)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'window.deliver'")
        assert cursor.fetchone() == (1,)


def test_notices_go_after_their_time_but_none_that_still_waits(tree: Tree, receiver: Receiver) -> None:
    add(tree, receiver.url)
    filed(tree)
    services.deliver_due(now=tree.now)
    waiting = filed(tree).request
    later = tree.now + timedelta(days=40)
    young = filed(tree, now=later).request
    delivered = Delivery.objects.get(body__contains=young.code)
    services.deliver(now=later, delivery_id=delivered.pk)
    assert run_rule(actor=SYSTEM, now=later, key="deliveries") == 1
    left = {json.loads(row.body)["request"]["code"]: row.state for row in Delivery.objects.order_by("pk")}
    assert left == {waiting.code: DeliveryState.WAITING, young.code: DeliveryState.DELIVERED}


def test_rotation_lets_both_secrets_sign_for_a_day(tree: Tree, receiver: Receiver) -> None:
    hook, old = add(tree, receiver.url)
    _hook, new = services.rotate_hook(actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, hook_id=hook.pk)
    filed(tree)
    services.deliver_due(now=tree.now)
    headers, body = receiver.seen[0]
    at = int(tree.now.timestamp())
    assert [signature_fits(one, headers["Qiao-Signature"], body, at) for one in (old, new)] == [True, True]
    later = tree.now + timedelta(days=2)
    filed(tree, now=later)
    services.deliver_due(now=later)
    headers, body = receiver.seen[1]
    at = int(later.timestamp())
    assert [signature_fits(one, headers["Qiao-Signature"], body, at) for one in (old, new)] == [False, True]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret::text || former::text FROM window_hook")
        kept = cursor.fetchone()[0]
    assert old not in kept
    assert new not in kept


def test_only_chosen_events_of_own_units_and_never_what_is_kept_from_a_unit(tree: Tree, receiver: Receiver) -> None:
    add(tree, receiver.url, "B1")
    add(tree, receiver.url, "D2")
    add(tree, receiver.url, "D1", ("request.assigned",))
    reach(tree, State.ASSIGNED, by_pass=True)
    services.deliver_due(now=tree.now)
    assert [headers["Qiao-Event"] for headers, _body in receiver.seen] == ["request.assigned"]


def test_others_cannot_and_twice_is_once(tree: Tree, receiver: Receiver) -> None:
    hook, secret = add(tree, receiver.url)
    assert secret
    again, nothing = add(tree, receiver.url)
    assert (again.pk, nothing) == (hook.pk, "")
    elsewhere = tree.officer(Role.ORG_OFFICER, "D2")
    for act in (services.pause_hook, services.end_hook, services.rotate_hook, services.try_hook):
        with pytest.raises(Refused):
            act(actor=elsewhere, now=tree.now, hook_id=hook.pk)
    owner = tree.officer(Role.ORG_OFFICER, "F")
    services.pause_hook(actor=owner, now=tree.now, hook_id=hook.pk)
    filed(tree)
    assert services.deliver_due(now=tree.now) == 0
    services.end_hook(actor=owner, now=tree.now, hook_id=hook.pk)
    services.end_hook(actor=owner, now=tree.now, hook_id=hook.pk)
    assert Delivery.objects.get().state == DeliveryState.DROPPED
    with pytest.raises(Problem):
        services.resume_hook(actor=owner, now=tree.now, hook_id=hook.pk)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://127.0.0.1/", "https://localhost/", "https://10.0.0.8/", "https://192.168.1.1/",
        "https://169.254.169.254/latest/", "https://[::1]/", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/",
        "https://2130706433/", "https://0x7f000001/", "https://0/", "https://100.64.0.1/", "https://224.0.0.1/",
        "ftp://example.org/", "https://user:pw@1.1.1.1/", "https://1.1.1.1:99999/", "https:///x", "", "javascript:1",
        "https://1.1.1.1/ x", "https://no-such-host.invalid/", "https://1.1.1.1/#part", "https://[64:ff9b::7f00:1]/",
        "https://[fec0::1]/", "https://[fd00::1]/", "https://[2002:7f00:1::]/", "https://[::]/", "https://198.18.0.1/",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_told(url: str) -> None:
    with override_settings(HOOK_NETWORKS=()), pytest.raises(Problem):
        clean_url(url)


def test_addresses_outside_are_and_inside_ones_where_the_setting_names_them() -> None:
    import ipaddress

    with override_settings(HOOK_NETWORKS=()):
        assert clean_url("https://1.1.1.1/path?x=1") == "https://1.1.1.1/path?x=1"
    with override_settings(HOOK_NETWORKS=("10.1.0.0/16",)):
        assert clean_url("https://10.1.2.3/")
        assert not is_allowed(ipaddress.ip_address("10.2.0.1"))
        with pytest.raises(Problem):
            clean_url("http://10.1.2.3/")


def test_a_host_that_has_moved_inside_is_not_told(tree: Tree, receiver: Receiver) -> None:
    add(tree, receiver.url)
    filed(tree)
    with override_settings(HOOK_NETWORKS=()):
        services.deliver_due(now=tree.now)
    row = Delivery.objects.get()
    assert (row.state, row.status, receiver.seen) == (DeliveryState.WAITING, None, [])
    assert row.fault
    assert signature(["a"], "b", 1).startswith("t=1,v1=")
