"""The server is killed in the middle of an intake: what was acknowledged is there, and nothing is there twice.

The real server (granian, as `qiao serve` runs it) and PostgreSQL; sixty-four respondents at a time; SIGKILL to every
process of the server, twice. Whoever got no word sends again, as a phone does.
"""

from __future__ import annotations

import http.client
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote, urlencode

import psutil
import pytest
from django.conf import settings
from django.db import connection

from qiao.base import clock
from qiao.cli.serve import THREADS, WORKERS
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Answer, Invitation, SealedAnswer
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, codes_of, make_town, open_round

CLIENTS = 64
PEOPLE = 1200
RECEIPT = re.compile(rb'data-receipt="(R-[\w-]+)"')


@contextmanager
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The platform on a port of its own, on the database of this test."""
    used = connection.settings_dict
    where = f"?host={quote(used['HOST'], safe='')}" if str(used["HOST"]).startswith("/") else ""
    host = "" if where else f"{used['HOST']}:{used['PORT'] or 5432}"
    url = f"postgresql://{quote(used['USER'])}:{quote(used['PASSWORD'])}@{host}/{used['NAME']}{where}"
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error",
        "qiao.config.wsgi:application",
    ]  # fmt: skip
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "qiao.config.settings.test", "DATABASE_URL": url,
        "QIAO_TEST_HOME": str(settings.VAULT_KEYS.parents[1]),
    }  # fmt: skip
    child = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        until(lambda: answers(port), "the server does not answer")
        yield child
    finally:
        kill(child)


def answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as one:
            one.request("GET", "/hear/surveys/s/NOTA-CODE-HERE/")
            return one.getresponse().status == 404
    except OSError:
        return False


def until(holds: object, otherwise: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)


def kill(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the server and every worker: nothing is put in order."""
    try:
        family = psutil.Process(child.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    for one in family:
        if one.is_running():
            os.kill(one.pid, signal.SIGKILL)
    if child.poll() is None:
        child.kill()
    child.wait(timeout=20)


class Crowd:
    """Respondents who send until they are told a receipt, or until the crowd is called off."""

    def __init__(self, port: int, round_id: int, codes: list[str]) -> None:
        self.port = port
        self.round_id = round_id
        self.waiting: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        for place, code in enumerate(codes):
            self.waiting.put((place, code))
        self.receipts: dict[int, str] = {}
        self.unsure: set[int] = set()
        self.other: list[tuple[int, int]] = []
        self.ended = threading.Event()

    def send(self, place: int, code: str) -> str | None:
        """Send one answer; its receipt, or None where no word came back."""
        body = urlencode(
            [("qiao:round", self.round_id), ("ws_shift", "day"), ("need_first", "pay"), ("words", f"w{place}w")]
        )
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as one:
                kind = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
                one.request("POST", f"/hear/surveys/s/{code}/", body, kind)
                with closing(one.getresponse()) as response:
                    status, found = response.status, RECEIPT.search(response.read())
        except (OSError, http.client.HTTPException):
            return None
        if status != 200 or not found:
            self.other.append((place, status))
            return None
        return found[1].decode()

    def respond(self) -> None:
        while not self.ended.is_set():
            try:
                place, code = self.waiting.get(timeout=0.1)
            except queue.Empty:
                return
            receipt = self.send(place, code)
            if receipt is None:
                self.unsure.add(place)
                self.waiting.put((place, code))
                time.sleep(0.1)
            else:
                self.receipts[place] = receipt

    def come(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.respond, daemon=True) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads


@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_answer_is_lost_and_none_is_doubled() -> None:
    town = make_town(clock.now() - DAY, members=PEOPLE)
    survey = open_round(town)
    codes = codes_of(town, survey)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    crowd = Crowd(port, survey.pk, codes)
    threads: list[threading.Thread] = []
    try:
        for share in (0.25, 0.55):
            with server(port) as child:
                threads = threads or crowd.come()
                until(lambda share=share: len(crowd.receipts) >= share * PEOPLE, "answers come too slowly", 60)
                told = dict(crowd.receipts)
                kill(child)
                # All that had been acknowledged when the server died is in the database.
                assert SealedAnswer.objects.count() >= len(told)
        assert crowd.unsure, "nobody was in the middle of sending when the server was killed"
        with server(port):
            until(lambda: len(crowd.receipts) == PEOPLE, "not everybody could answer in the end", 90)
            # Everybody sends once more: the same receipt, and nothing more in the database.
            again = {place: crowd.send(place, code) for place, code in enumerate(codes[:200])}
    finally:
        crowd.ended.set()
        for thread in threads:
            thread.join(timeout=15)
    assert crowd.other == []
    assert all(crowd.receipts[place] == receipt for place, receipt in again.items())
    assert len(set(crowd.receipts.values())) == PEOPLE
    assert Invitation.objects.filter(answered=True).count() == PEOPLE
    services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=survey.closes + DAY, code=survey.code)
    words = Counter(values["words"] for values in Answer.objects.values_list("values", flat=True))
    assert words == Counter(f"w{place}w" for place in range(PEOPLE))
