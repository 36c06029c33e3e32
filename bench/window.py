"""How fast the service window answers with 100,000 requests in it, against the floor in the same run.

Makes a city's federation (10,000 units) and the requests of some years in its own throw-away embedded PostgreSQL, then
calls the very queries the pages call and prints the median and the 95th of a number of calls. The floor is one
request by its primary key over the bare driver. The goal is 100 ms for the 95th.

    python bench/window.py [--requests 100000] [--calls 60] [--plans]

``--plans`` prints the query plans of the first call of each kind. Needs 2 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import import_roster
import org_scale

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
WORDS = (
    "三月份的加班费没有发", "公积金没有按时交", "车间温度太高没有降温", "夜班没有热饭", "合同到期不续签怎么办",
    "工伤认定要哪些材料", "年休假一直没有安排", "女职工哺乳时间不给", "劳务派遣同工不同酬", "试用期辞退有补偿吗",
)  # fmt: skip
PLACES = ("一号车间", "二号车间", "仓库", "食堂", "门店", "配送站", "项目部", "办公楼")
#: One in twenty is open; every hundredth was made public.
STATES = ("received", "assigned", "in_hand", "answered", "closed")
SHARES = (0.01, 0.01, 0.02, 0.01, 0.95)


def make_requests(number: int, bases: np.ndarray) -> None:
    """The requests of three years, at base unions by a heavy tail; a tenth with the contact of one of 20,000."""
    from django.db import connection

    from qiao.base import vault
    from qiao.hear.window.models import Request
    from qiao.hear.window.models.requests import CONTACT
    from qiao.org.people.models import Account

    account = Account.objects.create(email="handler@bench.example", display_name="承办")
    rng = np.random.default_rng(20260601)
    weight = rng.pareto(1.2, len(bases)) + 0.01
    body = rng.choice(bases, number, p=weight / weight.sum())
    state = rng.choice(STATES, number, p=SHARES)
    ended = state == "closed"
    # What is open came in the last weeks.
    age = np.where(ended, rng.integers(30, 1100, number), rng.integers(0, 25, number))
    received = np.array([NOW - timedelta(days=int(one), minutes=int(rng.integers(0, 1440))) for one in age])
    worked = np.isin(state, ["assigned", "in_hand", "answered", "closed"])
    prints = [vault.fingerprint(f"139{one:08}", purpose=CONTACT).hex() for one in range(20_000)]
    caller = rng.integers(0, 200_000, number)
    field = Request._meta.get_field("text")
    sealed = vault.seal_many(
        [f"{PLACES[key % 8]}{WORDS[key % 10]}，问了两次都说等通知。" for key in range(number)],
        contexts=[field.context_of(Request(code=f"H-{key}")) for key in range(1, number + 1)],
    )
    shown = np.arange(number) % 100 == 0
    public = [
        f"{PLACES[int(a)]}{WORDS[int(b)]}，已经{int(c)}个月。"
        for a, b, c in zip(
            rng.integers(0, len(PLACES), number), rng.integers(0, len(WORDS), number), rng.integers(1, 60, number),
            strict=True,
        )
    ]  # fmt: skip

    def at(moments: np.ndarray, days: int, where: np.ndarray) -> pa.Array:
        return pa.array([
            (moment + timedelta(days=days)).isoformat() if yes else None
            for moment, yes in zip(moments, where, strict=True)
        ])  # fmt: skip

    always = np.ones(number, bool)
    keys = np.arange(1, number + 1)
    ints = {"body_id": body, "desk_id": body, "place_id": body}
    given: dict[str, object] = {
        "id": pa.array(keys), "code": pa.array([f"H-{key}" for key in keys]),
        "nonce": pa.array([f"n{key}" for key in keys]), "receipt": pa.array([f"R{key}" for key in keys]),
        "secret": "0" * 64, "filing_hash": pa.array([f"{key:064x}" for key in keys]),
        "kind": "question", "topic": pa.array(rng.choice(["pay", "hours", "safety", "contract"], number)),
        "text": pa.array([f"\\x{one.hex()}" for one in sealed]), "language": "zh-hans",
        "channel": pa.array(rng.choice(["web", "phone", "counter"], number)),
        "identity": "confidential", "state": pa.array(state), "why": "place", "due_rule": "default",
        "contact_print": pa.array([f"\\x{prints[one]}" if one < 20_000 else None for one in caller]),
        "handler_id": pa.array(np.where(worked, account.pk, -1), mask=~worked),
        "received": at(received, 0, always), "ack_due": at(received, 1, always), "clock_from": at(received, 0, always),
        "due": at(received, 7, always), "updated": at(received, 5, always),
        "first_answer": at(received, 4, ended), "answered": at(received, 4, ended), "closed": at(received, 9, ended),
        "outcome": pa.array(np.where(ended, rng.choice(["solved", "partly", "not_solved", "not_reached"], number), "")),
        "published": at(received, 10, shown & ended),
        "public_text": pa.array([one if yes else "" for one, yes in zip(public, shown & ended, strict=True)]),
        **{name: pa.array(values) for name, values in ints.items()},
    }  # fmt: skip
    with connection.cursor() as cursor:
        with org_scale.bare(cursor, "window_request"):
            org_scale.copy(cursor, "window_request", org_scale.columns(Request, number, given))
        cursor.execute("VACUUM ANALYZE")


def calls(paths: list[str], number: int) -> dict[str, Callable[[int], object]]:
    """What is measured, by name: each is given the number of the call."""
    from django.core.paginator import Paginator

    from qiao.base.access import Actor, Grant
    from qiao.hear.window import queries
    from qiao.hear.window.models import Request, Transition
    from qiao.hear.window.queries.figures import measures, overdue_counts
    from qiao.hear.window.queries.reading import (
        MOST_LISTED,
        PAGE,
        Filter,
        conversation,
        inbox,
        of_caller,
        request_by_receipt,
        similar_open,
        transitions_of,
    )  # fmt: skip
    from qiao.org.access.rules import actions_of

    rng = np.random.default_rng(5)
    rows = {row["pk"]: row for row in Request.objects.order_by("pk").values("pk", "body_id", "receipt")[:5000]}
    Transition.objects.bulk_create(
        Transition(request_id=key, serial=serial, at=NOW, after="received", digest="0" * 64)
        for key in rows for serial in (1, 2, 3, 4)
    )  # fmt: skip
    units = {len(path): key for key, path in reversed(list(enumerate(paths))) if path}
    busiest = Request.objects.filter(state="received").order_by("?").values_list("body_id", flat=True)[0]
    held = [units[5], units[10], units[15], int(busiest)]

    def actor(call: int) -> Actor:
        key = held[call % len(held)]
        roles = ("desk_officer", "org_officer")
        return Actor(
            account_id=10**9, name="x",
            grants=tuple(Grant(role, key, paths[key], actions_of(role)) for role in roles),
        )  # fmt: skip

    def page(wanted: Filter) -> Callable[[int], object]:
        def work(call: int) -> object:
            shown = Paginator(inbox(actor=actor(call), wanted=wanted, now=NOW)[:MOST_LISTED], PAGE).get_page(1)
            return list(shown), shown.paginator.count

        return work

    def state(call: int) -> object:
        found = request_by_receipt(rows[1 + call % 5000]["receipt"])
        return conversation(found, notes=False), transitions_of(found), list(found.ratings.all())

    def alike(call: int) -> object:
        found = Request.objects.get(pk=int(rng.integers(1, number + 1)))
        return similar_open(actor(0), found) if call % 2 else []

    day = NOW.date()
    return {
        "desk: to-do list": lambda n: queries.desk_items(actor=actor(n), now=NOW),
        "desk: open, first page": page(Filter()),
        "desk: overdue": page(Filter(view="late")),
        "desk: ended, newest": page(Filter(view="ended")),
        "desk: of one topic": page(Filter(topic="pay")),
        "desk: requests of a caller": lambda n: of_caller(actor(n), f"139{n % 20_000:08}"),
        "page of a state": state,
        "public: open and overdue by unit": lambda n: overdue_counts(now=NOW),
        "public: measures of a year": lambda n: measures(
            path=paths[units[5]], since=day - timedelta(days=365), until=day, now=NOW
        ),
        "similar public ones (1,000 held)": lambda n: queries.similar_public(f"{PLACES[n % 8]}{WORDS[n % 10]}"),
        "similar ones for the desk": alike,
        "unit page: panel": lambda n: queries.unit_panels(actor=actor(n), unit=_unit(paths[held[n % 4]]), now=NOW),
    }


def _unit(path: str) -> object:
    from qiao.org.units.models import Unit

    return Unit.objects.get(path=path)


def measure(requests: int, number: int, home: Path, *, show: bool) -> dict[str, object]:
    """Fill, call, print."""
    import_roster.start(home)
    begun = time.perf_counter()
    from django.db import connection

    with connection.cursor() as cursor, org_scale.bare(cursor, "units_unit", "units_unitlink"):
        bases, paths = org_scale.make_units(cursor, "city")
    make_requests(requests, bases)
    print(f"{len(paths) - 1:,} units, {requests:,} requests: {time.perf_counter() - begun:.0f} s")
    raw = connection.connection
    rng = np.random.default_rng(1)

    def by_key(_number: int) -> object:
        return raw.execute("SELECT * FROM window_request WHERE id = %s", [int(rng.integers(1, requests))]).fetchone()

    low, high = org_scale.times(by_key, 400)
    print(f"{'floor: one request by its key':36} {low:8.2f} {high:8.2f} ms")
    rows: dict[str, object] = {"floor": [round(low, 3), round(high, 3)]}
    measured = calls(paths, requests)
    for name, work in measured.items():
        middle, ninety = org_scale.times(work, number)
        rows[name] = [round(middle, 2), round(ninety, 2)]
        print(f"{name:36} {middle:8.2f} {ninety:8.2f} ms   {middle / low:6.0f} x floor", flush=True)
    if show:
        org_scale.plans(measured)
    return {"requests": requests, "at": datetime.now(UTC).isoformat(timespec="seconds"), "p50_p95_ms": rows}


def main() -> None:
    """Read the options, measure in a folder that goes afterwards."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--plans", action="store_true")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="qiao-window-"))
    try:
        print(json.dumps(measure(given.requests, given.calls, home, show=given.plans), ensure_ascii=False))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
