"""Respondents as a load: each is a new browser that opens the page, sends one answer and sees the thank-you page.

A closed loop of N respondents without time to think, bounded by seconds and by sessions; loopback only. Every session
has its own connection and cookies, reads the form's hidden fields, answers at random and must find a given text.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

import httptools

_HIDDEN = re.compile(rb'<input type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
#: A session that hangs longer has failed.
TIMEOUT = 20.0
#: How often an answer's thank-you page may be somewhere else.
_REDIRECTS = 3


@dataclass(frozen=True)
class Field:
    """One question: choose one of ``values``, some of them, or write ``text``."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


@dataclass
class Target:
    """A server: the address of each respondent's page, the fields, and what the thank-you page must say."""

    port: int
    paths: Iterator[str]
    fields: Sequence[Field]
    expect: bytes
    language: str = "zh-CN"
    #: Where the answer is sent; empty: to the page's own address.
    post: str = ""


@dataclass
class Outcome:
    """What a run measured. Rates count sessions completed between warm-up and end; times are in milliseconds."""

    rate: float
    median: float
    high: float
    completed: int
    failed: dict[str, int] = field(default_factory=dict)


class Failed(Exception):
    """A session that did not end as it should."""


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection, one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[None] | None = None
        self.parser: httptools.HttpResponseParser | None = None
        self.status, self.cookies, self.chunks = 0, dict[str, str](), list[bytes]()
        self.location = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        assert self.parser is not None
        self.parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"set-cookie":
            key, _, rest = value.decode().partition("=")
            self.cookies[key] = rest.partition(";")[0]
        elif name.lower() == b"location":
            self.location = value.decode()

    def on_body(self, body: bytes) -> None:
        self.chunks.append(body)

    def on_message_complete(self) -> None:
        assert self.parser is not None
        self.status = self.parser.get_status_code()
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Failed("connection lost"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self.parser, self.chunks, self.location = httptools.HttpResponseParser(self), [], ""
        self.waiting = asyncio.get_running_loop().create_future()
        assert self.transport is not None
        self.transport.write(request)
        await asyncio.wait_for(self.waiting, TIMEOUT)
        return self.status, b"".join(self.chunks)


def _hidden(page: bytes) -> list[tuple[str, str]]:
    found = []
    for tag in _HIDDEN.findall(page):
        attributes = {key.lower(): html.unescape(value[1:-1]) for key, value in _ATTRIBUTE.findall(tag.decode())}
        if "name" in attributes:
            found.append((attributes["name"], attributes.get("value", "")))
    return found


def _answers(fields: Sequence[Field], rng: random.Random) -> list[tuple[str, str]]:
    pairs = []
    for one in fields:
        if one.kind == "one":
            pairs.append((one.name, rng.choice(one.values)))
        elif one.kind == "some":
            pairs.extend((one.name, value) for value in rng.sample(one.values, rng.randint(1, 3)))
        elif one.kind == "number":
            pairs.append((one.name, str(rng.randint(0, 40))))
        else:
            pairs.append((one.name, " ".join(rng.choices(("班车", "食堂", "加班", "培训", "宿舍", "体检"), k=12))))
    return pairs


async def _session(target: Target, path: str, rng: random.Random) -> None:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(_Connection, "127.0.0.1", target.port)
    host = f"127.0.0.1:{target.port}"
    head = f"Host: {host}\r\nAccept: text/html\r\nAccept-Language: {target.language}\r\nUser-Agent: respondents\r\n"
    try:
        status, page = await connection.ask(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        if status != 200:
            raise Failed(f"page {status}")
        body = urlencode([*_hidden(page), *_answers(target.fields, rng)])
        cookies = "; ".join(f"{key}={value}" for key, value in connection.cookies.items())
        status, page = await connection.ask(
            f"POST {target.post or path} HTTP/1.1\r\n{head}Cookie: {cookies}\r\nOrigin: http://{host}\r\n"
            f"Referer: http://{host}{path}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        for _step in range(_REDIRECTS):
            if status not in {301, 302, 303} or not connection.location:
                break
            there = connection.location.removeprefix(f"http://{host}")
            if not there.startswith("/") or there.startswith("//"):
                raise Failed("sent to another server")
            cookies = "; ".join(f"{key}={value}" for key, value in connection.cookies.items())
            status, page = await connection.ask(f"GET {there} HTTP/1.1\r\n{head}Cookie: {cookies}\r\n\r\n".encode())
        if status != 200 or target.expect not in page:
            raise Failed(f"answer {status}")
    finally:
        assert connection.transport is not None
        connection.transport.close()


async def _run(target: Target, clients: int, seconds: float, warmup: float, seed: int) -> Outcome:
    rng = random.Random(seed)
    begin = time.perf_counter() + warmup
    end = begin + seconds
    times: list[float] = []
    failed: Counter[str] = Counter()
    completed = 0

    async def respondent() -> None:
        nonlocal completed
        while time.perf_counter() < end:
            path = next(target.paths, None)
            if path is None:
                failed["no more codes"] += 1
                return
            started = time.perf_counter()
            try:
                await _session(target, path, rng)
            except (Failed, OSError, TimeoutError, httptools.HttpParserError) as fault:
                failed[str(fault) or type(fault).__name__] += 1
                # Never spin on a broken server.
                await asyncio.sleep(0.05)
                continue
            completed += 1
            finished = time.perf_counter()
            if begin <= finished < end:
                times.append(finished - started)

    await asyncio.gather(*(respondent() for _ in range(clients)))
    times.sort()
    if not times:
        return Outcome(0.0, float("nan"), float("nan"), completed, dict(failed))
    return Outcome(
        len(times) / seconds,
        1000 * times[len(times) // 2],
        1000 * times[min(len(times) - 1, int(0.95 * len(times)))],
        completed,
        dict(failed),
    )


def run(target: Target, *, clients: int, seconds: float, warmup: float = 1.5, seed: int = 1) -> Outcome:
    """Let ``clients`` respondents answer one after the other for ``seconds`` after a warm-up (both bounded)."""
    if not (0 < seconds <= 120 and 0 <= warmup <= 30 and 0 < clients <= 512):
        raise ValueError("bounded runs only")
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        return runner.run(_run(target, clients, seconds, warmup, seed))


def _fast_loop() -> object:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def fields_of(questions: Sequence[Mapping[str, object]]) -> list[Field]:
    """The fields of a questionnaire described as ``name``, ``kind`` (one, some, number, text) and ``values``."""
    return [
        Field(str(one["name"]), str(one["kind"]), tuple(str(value) for value in one["values"]))  # type: ignore[union-attr]
        for one in questions
    ]
