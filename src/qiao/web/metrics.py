"""Measurements for Prometheus: how many requests, how long, how many jobs wait, how long the ledger is.

Nothing here tells of a person: a page is named by its route, never by its address, and no label holds a unit, a code,
an account or a word somebody wrote. Several processes add up through the folder that ``qiao serve`` names.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from qiao.web.backlog import Backlog, backlog

#: Seconds: from a page out of memory to one that somebody gives up waiting for.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: Where sealed answers come in: counted with the time of reading they would tell how many answered, and when.
_UNTOLD = frozenset(
    {
        "evaluations:answer", "evaluations:answer_by_code", "evaluations:interview", "evaluations:contact",
        "evaluations:credential", "evaluations:box",
    }
)  # fmt: skip
_METHODS = frozenset({"GET", "HEAD", "POST"})

_REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "qiao_requests_total", "Requests answered, by route and kind of answer.", ("route", "method", "answer"),
    registry=_REGISTRY,
)  # fmt: skip
SECONDS = Histogram(
    "qiao_request_seconds", "Seconds until a request was answered, by route.", ("route",), buckets=BUCKETS,
    registry=_REGISTRY,
)  # fmt: skip


class MeasureMiddleware:
    """Counts and times every request; not there at all where nobody may read the measurements."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, count and time."""
        begun = time.perf_counter()
        response = self.get_response(request)
        route = _route(request)
        if route in _UNTOLD:
            return response
        # Whatever else a client calls its method is its own word: it makes no label.
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(route, method, f"{response.status_code // 100}xx").inc()
        SECONDS.labels(route).observe(time.perf_counter() - begun)
        return response


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    # A file, or an address that is none.
    return match.view_name or "unnamed" if match else "none"


class _Waiting(Collector):
    """What stands in the database at the moment somebody asks."""

    def __init__(self, found: Backlog) -> None:
        self.found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the measurements in their families."""
        jobs = GaugeMetricFamily("qiao_jobs", "Jobs of the worker, by state.", labels=("state",))
        for state, number in self.found.jobs.items():
            jobs.add_metric([state], number)
        yield jobs
        rest: tuple[tuple[str, str, float], ...] = (
            ("qiao_job_late_seconds", "How long the job has waited that should have run first.", self.found.late),
            ("qiao_ledger_leaves", "Entries of the ledger.", self.found.leaves),
            ("qiao_ledger_signed_leaves", "Entries the newest signed head covers.", self.found.signed),
        )
        for name, told, value in rest:
            family = GaugeMetricFamily(name, told)
            family.add_metric([], value)
            yield family


def measurements(now: datetime) -> tuple[bytes, str]:
    """All measurements in the text format of Prometheus, and its content type."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = generate_latest(registry)
    else:
        counted = generate_latest(_REGISTRY)
    waiting = CollectorRegistry()
    waiting.register(_Waiting(backlog(now)))
    return counted + generate_latest(waiting), CONTENT_TYPE_LATEST
