"""The ledger's pages: pages of fifty, and a proof anybody can compute again."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import Read

from qiao.base.ledger import merkle
from qiao.base.ledger.export import check_export
from qiao.base.ledger.log import append, sign_head
from qiao.base.models import LedgerLeaf


@pytest.fixture
def entries(db: None, now: datetime) -> int:
    """One hundred and twenty entries, of which a head covers the first hundred."""
    for number in range(120):
        append(kind="decision.taken", code=f"D-{number}", content={"title": f"决定 {number}"}, now=now)
        if number == 99:
            sign_head(now=now + timedelta(hours=1))
    return 120


def shown(page: str) -> list[int]:
    return [int(index) for index in re.findall(r'href="/ledger/(\d+)/"', page)]


def test_every_entry_is_on_one_page_and_on_no_other(entries: int, read: Read) -> None:
    seen: list[int] = []
    address = "/ledger/"
    while address:
        page = read(address)
        seen += shown(page)
        older = re.search(r'href="(\?before=\d+)"', page)
        address = f"/ledger/{older[1]}" if older else ""
    assert seen == list(range(entries - 1, -1, -1))
    assert "100 entries" in read("/ledger/")
    assert shown(read("/ledger/?before=x")) == shown(read("/ledger/"))
    assert shown(read("/ledger/?before=0")) == []


def test_the_first_page_costs_the_same_with_one_and_with_many(
    db, now, client: Client, django_assert_num_queries
) -> None:
    append(kind="decision.taken", code="D-1", content={}, now=now)
    client.get("/ledger/")
    with CaptureQueriesContext(connection) as one:
        client.get("/ledger/")
    for number in range(40):
        append(kind="decision.taken", code=f"D-{number}", content={}, now=now)
    with CaptureQueriesContext(connection) as many:
        client.get("/ledger/")
    assert len(one) == len(many)


def test_the_proof_on_the_page_leads_to_the_root_of_the_head(entries: int, read: Read) -> None:
    page = read("/ledger/37/")
    leaf, root, *path = re.findall(r"<code>([0-9a-f]{64})</code>", page)
    steps = [bytes.fromhex(step) for step in path]
    assert merkle.root_from_inclusion(bytes.fromhex(leaf), 37, 100, steps) == bytes.fromhex(root)
    payload = re.search(r"<pre>(.*?)</pre>", page, re.S)
    assert payload
    text = payload[1].replace("&quot;", '"')
    assert merkle.leaf_hash(text.encode()).hex() == leaf
    assert root in read("/ledger/")


def test_an_entry_no_head_covers_says_so(entries: int, read: Read) -> None:
    assert "No signed head covers this entry yet" in read("/ledger/110/")
    assert "No signed head" not in read("/ledger/110/", "zh-hans")
    read("/ledger/120/", status=404)


def test_the_export_is_verified_without_the_database(entries: int, client: Client) -> None:
    document = json.loads(client.get("/ledger/export/").getvalue())
    assert len(document["entries"]) == entries
    found = check_export(document, source="qiao-ledger.json")
    assert found.entries == entries


def test_an_entry_is_found_by_code_and_by_hash(entries: int, read: Read) -> None:
    assert shown(read("/ledger/?find=d-7")) == [7]
    leaf = LedgerLeaf.objects.get(pk=9)
    assert shown(read(f"/ledger/?find={bytes(leaf.leaf_hash).hex()}")) == [9]
    assert "no such entry" in read("/ledger/?find=zz")


def test_two_heads_are_proved_to_be_one_log(entries: int, read: Read, now: datetime) -> None:
    sign_head(now=now + timedelta(hours=2))
    assert "/ledger/100/to/120/" in read("/ledger/")
    page = read("/ledger/100/to/120/")
    older, newer, *path = (bytes.fromhex(found) for found in re.findall(r"<code>([0-9a-f]{64})</code>", page))
    assert merkle.consistent(100, older, 120, newer, path)
    read("/ledger/7/to/120/", status=404)
