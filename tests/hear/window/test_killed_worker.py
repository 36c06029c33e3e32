"""The worker that tells other systems is killed: nothing is lost, and what goes out again bears the same id."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import override_settings

from qiao.hear.window import services
from qiao.hear.window.choices import DeliveryState
from qiao.hear.window.models import Delivery
from qiao.hear.window.rules.hooks import LEASE
from qiao.org.access.choices import Role
from tests.factories.org import Tree, make_tree
from tests.factories.window import filed
from tests.processes import at_once, killed_while

pytestmark = pytest.mark.django_db(transaction=True)
NOTICES = 9


class Receiver:
    """Keeps the ids it is told, and kills whoever tells the one after ``spare``."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.victim, self.spare = 0, 0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                owner.told.append(self.headers["Qiao-Delivery"])
                if owner.victim and len(owner.told) > owner.spare:
                    os.kill(owner.victim, signal.SIGKILL)
                    owner.victim = 0
                    return
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def arm(self, victim: int) -> None:
        """Kill this process."""
        self.victim = victim


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    with override_settings(HOOK_NETWORKS=("127.0.0.0/8",)):
        yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def tree(now: datetime, receiver: Receiver) -> Tree:
    found = make_tree(now)
    services.add_hook(
        actor=found.officer(Role.ORG_OFFICER, "F"), now=now, unit=found["F"], url=receiver.url, events=("request.*",)
    )
    for _one in range(NOTICES):
        filed(found)
    return found


@pytest.mark.parametrize("spare", [0, 4, NOTICES - 1])
def test_killed_at_its_work_nothing_is_lost(tree: Tree, receiver: Receiver, spare: int) -> None:
    receiver.spare = spare
    killed_while(lambda: services.deliver_due(now=tree.now), receiver.arm)
    assert Delivery.objects.filter(state=DeliveryState.DELIVERED).count() == spare
    torn = Delivery.objects.get(tries=1, state=DeliveryState.WAITING)
    # The next worker tells the others at once, the torn one when its time is over.
    assert services.deliver_due(now=tree.now) == NOTICES - spare - 1
    assert services.deliver_due(now=tree.now + LEASE) == 1
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()
    told = Counter(receiver.told)
    assert set(told) == {str(key) for key in Delivery.objects.values_list("key", flat=True)}
    assert {key for key, times in told.items() if times > 1} == {str(torn.key)}


def test_two_workers_at_once_tell_each_once(tree: Tree, receiver: Receiver) -> None:
    assert at_once(*[lambda: services.deliver_due(now=tree.now)] * 2) == ["done", "done"]
    assert sorted(receiver.told) == sorted(str(key) for key in Delivery.objects.values_list("key", flat=True))
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()
