"""The measurements: for the monitor alone, and with no word on anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from qiao.base.ledger.log import append
from qiao.config.env import environment
from qiao.web.backlog import backlog
from qiao.web.metrics import MeasureMiddleware, measurements

TOKEN = "a-token-for-the-monitor"
pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(settings: Settings) -> Client:
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"host": "localhost"})


def _read(client: Client) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_nobody_reads_without_the_token(watched: Client, settings: Settings) -> None:
    assert watched.get("/metrics").status_code == 404
    assert watched.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    assert watched.get("/metrics", headers={"authorization": "Bearer é"}).status_code == 404
    assert watched.post("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 405
    settings.METRICS_TOKEN = ""
    assert watched.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_route_never_by_address(watched: Client) -> None:
    before = _read(watched)
    for address in ("/health/", "/health/", "/thread/C-SECRET1/", "/no-such-place-17/"):
        watched.get(address)
    watched.generic("BREW", "/health/")
    after = _read(watched)

    def more(*key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    # Labels in the order of their names: answer, method, route.
    assert more("qiao_requests_total", "2xx", "GET", "web:health") == 2
    assert more("qiao_requests_total", "4xx", "GET", "none") == 1
    assert sum(value for key, value in after.items() if key[-1] == "web:thread" and key[0] == "qiao_requests_total") > 0
    assert more("qiao_request_seconds_count", "web:health") == 3
    text = watched.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "SECRET1" not in text
    assert "no-such-place" not in text
    assert "BREW" not in text
    # The quantiles are read from buckets that only grow.
    buckets = [value for key, value in after.items() if key[0] == "qiao_request_seconds_bucket" and "web:health" in key]
    assert buckets == sorted(buckets)
    assert len(buckets) == 12


def test_what_waits_is_told(watched: Client) -> None:
    moment = datetime.now(UTC)
    size = backlog(moment).leaves
    append(kind="round.opened", code="S-1", content={"x": 1}, now=moment)
    found = _read(watched)
    assert found[("qiao_ledger_leaves",)] == size + 1
    assert found[("qiao_ledger_signed_leaves",)] <= size + 1
    assert {key[1] for key in found if key[0] == "qiao_jobs"} >= {"todo", "doing", "failed"}


def test_a_late_job_is_seen(watched: Client) -> None:
    from django.db import connection

    moment = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        assert backlog(moment).late == 0
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)"
            " VALUES ('default', 'some.task', '{}', 'todo', %s)",
            [moment - timedelta(seconds=90)],
        )
    assert 89 <= backlog(moment).late <= 91
    assert backlog(moment).jobs["todo"] == 1


def test_nothing_is_counted_where_nobody_may_read(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    with pytest.raises(MiddlewareNotUsed):
        MeasureMiddleware(lambda _request: HttpResponse())


def test_a_weak_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIAO_METRICS_TOKEN", "short")
    environment.cache_clear()
    try:
        with pytest.raises(SystemExit, match="at least 16"):
            environment()
    finally:
        monkeypatch.undo()
        environment.cache_clear()


_CHILD = """
import sys
from django.conf import settings
settings.configure(METRICS_TOKEN="x" * 16, DATABASES={}, USE_TZ=True)
import types
# The database is not asked here: only what this process counted.
asked = types.ModuleType("qiao.web.backlog")
asked.Backlog = asked.backlog = object
sys.modules["qiao.web.backlog"] = asked
from qiao.web.metrics import REQUESTS
REQUESTS.labels("web:home", "GET", "2xx").inc()
"""


def test_the_counts_of_several_processes_add_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watched: Client
) -> None:
    for _turn in range(2):
        subprocess.run(
            [sys.executable, "-c", _CHILD], check=True, env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
        )
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    content, _kind = measurements(datetime.now(UTC))
    assert re.search(rb'qiao_requests_total\{[^}]*route="web:home"[^}]*\} 2\.0', content)


def test_the_measuring_does_not_stand_in_the_way(watched: Client) -> None:
    """A request whose route nobody found, one that fails: each is answered as without it."""
    measure = MeasureMiddleware(lambda _request: HttpResponse(status=503))
    assert measure(HttpRequest()).status_code == 503
