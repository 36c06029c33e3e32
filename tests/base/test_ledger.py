from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import Error, connection
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from qiao.base.ledger import merkle, subtrees
from qiao.base.ledger.export import FORMAT, check_export, head_statement
from qiao.base.ledger.log import append, export, key_id, prove, prove_beginning, sign_head
from qiao.base.problems import Problem

# Roots of the well-known Certificate Transparency test entries (RFC 6962 reference implementation, sizes 1 to 8).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_of_the_reference_log() -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    assert [merkle.root(leaves[:size]).hex() for size in range(1, 9)] == ROOTS
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.integers(1, 70), st.data())
def test_every_proof_proves_and_no_other_place_does(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(leaves, index)
    assert merkle.root_from_inclusion(leaves[index], index, size, path) == merkle.root(leaves)
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index)) if size > 1 else None
    if other is not None:
        assert merkle.root_from_inclusion(leaves[index], other, size, path) != merkle.root(leaves)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(leaves, old)
    assert merkle.consistent(old, merkle.root(leaves[:old]), size, merkle.root(leaves), proof)
    if old < size:
        assert not merkle.consistent(old, merkle.leaf_hash(b"forged"), size, merkle.root(leaves), proof)


@pytest.mark.django_db
def test_entries_are_proved_against_a_signed_head(now: datetime) -> None:
    for number in range(5):
        assert append(kind="test", code=f"T-{number}", content={"n": number}, now=now) == number
    head = sign_head(now=now)
    assert head is not None
    proof = prove(3, head)
    found = merkle.root_from_inclusion(
        merkle.leaf_hash(proof.payload.encode()), 3, 5, [bytes.fromhex(step) for step in proof.path]
    )
    assert found is not None
    assert found.hex() == proof.root
    assert check_export(export(), source="log").entries == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE base_ledgerleaf SET payload = 'x'", "DELETE FROM base_ledgerleaf", "TRUNCATE base_ledgerleaf"]
)
def test_the_database_refuses_to_change_the_log(now: datetime, statement: str) -> None:
    append(kind="test", code="T-1", content={}, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE base_ledgerleaf ENABLE TRIGGER append_only_truncate")
    with pytest.raises(Error, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_change_past_the_triggers_is_found(now: datetime) -> None:
    append(kind="test", code="T-1", content={"n": 1}, now=now)
    sign_head(now=now)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE base_ledgerleaf DISABLE TRIGGER append_only")
        cursor.execute("UPDATE base_ledgerleaf SET payload = replace(payload, '1', '2')")
        cursor.execute("ALTER TABLE base_ledgerleaf ENABLE TRIGGER append_only")
    with pytest.raises(Problem, match="Entry 0 was changed"):
        check_export(export(), source="log")


@pytest.fixture
def document(db: None, now: datetime) -> dict[str, Any]:
    for number in range(4):
        append(kind="test", code=f"T-{number}", content={"n": number}, now=now)
        sign_head(now=now)
    return json.loads(json.dumps(export()))


def test_an_honest_export_passes_and_extends_its_older_self(document: dict[str, Any], now: datetime) -> None:
    append(kind="test", code="T-9", content={}, now=now)
    sign_head(now=now)
    newer = export()
    assert check_export(newer, source="x", older=document).heads == 5
    with pytest.raises(Problem, match="Entry 4 of the older"):
        check_export(document, source="x", older=newer)


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda d: d["entries"][1].update(payload="{}"), "Entry 1 was changed"),
        (lambda d: d["entries"].pop(1), "Entry 1 is missing"),
        (lambda d: d["entries"].pop(), "entries were removed"),
        (lambda d: d["entries"].reverse(), "Entry 0 is missing"),
        (lambda d: d["heads"][2].update(root="00" * 32), "another root"),
        (lambda d: d["heads"][2].update(signature="00" * 64), "signature"),
        (lambda d: d["heads"][2].update(at="2020-01-01T00:00:00+00:00"), "signature"),
        (lambda d: d.update(public_key="11" * 32), "another key"),
        (lambda d: d.update(public_key="zz"), "no usable public key"),
        (lambda d: d.update(format="x"), "no ledger export"),
        (
            lambda d: (
                d["entries"][1].update(payload="{}"),
                d["entries"][1].update(leaf_hash=merkle.leaf_hash(b"{}").hex()),
            ),
            "another root",
        ),
    ],
)
def test_every_tampering_is_found(
    document: dict[str, Any], tamper: Callable[[dict[str, Any]], object], words: str
) -> None:
    tamper(document)
    with pytest.raises(Problem, match=words):
        check_export(document, source="x")


@given(st.integers(1, 200), st.data())
def test_stored_subtrees_give_the_same_roots_and_proofs(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    nodes = {(0, place): leaf for place, leaf in enumerate(leaves)}
    for index in range(size):
        for level, place in subtrees.completed(index):
            nodes[level, place] = merkle.node_hash(nodes[level - 1, 2 * place], nodes[level - 1, 2 * place + 1])
    asked: list[subtrees.Node] = []

    def fetch(wanted):
        asked.extend(wanted)
        return {node: nodes[node] for node in wanted}

    assert subtrees.hashes_of([(0, size)], fetch) == [merkle.root(leaves)]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion = subtrees.hashes_of(subtrees.inclusion_spans(index, size), fetch)
    assert inclusion == merkle.inclusion_proof(leaves, index)
    consistency = subtrees.hashes_of(subtrees.consistency_spans(old, size), fetch)
    assert consistency == merkle.consistency_proof(leaves, old)
    assert len(asked) <= 4 * (size.bit_length() + 1) ** 2


def test_consistency_proofs_of_the_rfc() -> None:
    """The seven-leaf example of RFC 9162, section 2.1.5."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(7)]
    g, h, i, j = (merkle.node_hash(leaves[k], leaves[k + 1]) if k < 6 else leaves[6] for k in (0, 2, 4, 6))
    k, left = i, merkle.node_hash(g, h)
    assert merkle.consistency_proof(leaves, 3) == [leaves[2], leaves[3], g, merkle.node_hash(k, j)]
    assert merkle.consistency_proof(leaves, 4) == [merkle.node_hash(i, j)]
    assert merkle.consistency_proof(leaves, 6) == [i, j, left]
    assert merkle.inclusion_proof(leaves, 0) == [leaves[1], h, merkle.node_hash(i, j)]
    assert merkle.inclusion_proof(leaves, 6) == [i, left]


@pytest.mark.django_db
def test_a_proof_asks_the_same_few_questions_of_any_log(now: datetime, django_assert_max_num_queries) -> None:
    heads = []
    for number in range(150):
        append(kind="test", code=f"T-{number}", content={"n": number}, now=now)
        if number in {6, 70, 149}:
            heads.append(sign_head(now=now))
    leaves = [bytes.fromhex(entry["leaf_hash"]) for entry in export()["entries"]]
    for head in heads:
        assert bytes(head.root) == merkle.root(leaves[: head.size])
    with django_assert_max_num_queries(3):
        proof = prove(77, heads[2])
    assert [bytes.fromhex(step) for step in proof.path] == merkle.inclusion_proof(leaves, 77)
    with django_assert_max_num_queries(2):
        path = [bytes.fromhex(step) for step in prove_beginning(heads[1], heads[2])]
    assert merkle.consistent(71, bytes(heads[1].root), 150, bytes(heads[2].root), path)
    with connection.cursor() as cursor, pytest.raises(Error, match="append-only"):
        cursor.execute("UPDATE base_ledgernode SET hash = 'x'")


def _log(size: int) -> dict[str, Any]:
    """An export of a log of ``size`` entries with signed heads, made without a database."""
    key = SigningKey(b"k" * 32)
    payloads = [json.dumps({"n": number}) for number in range(size)]
    leaves = [merkle.leaf_hash(payload.encode()) for payload in payloads]
    heads = []
    for count in sorted({max(1, size // 2), size}):
        top, at = merkle.root(leaves[:count]), datetime(2026, 5, 11, tzinfo=UTC)
        heads.append({
            "size": count, "at": at.isoformat(), "root": top.hex(), "key_id": key_id(key),
            "signature": key.sign(head_statement(count, top, at)).signature.hex(),
        })  # fmt: skip
    entries = [
        {"index": number, "payload": payload, "leaf_hash": leaf.hex()}
        for number, (payload, leaf) in enumerate(zip(payloads, leaves, strict=True))
    ]
    return {"format": FORMAT, "public_key": bytes(key.verify_key).hex(), "entries": entries, "heads": heads}


def _set(entry: dict[str, Any], payload: str) -> dict[str, Any]:
    return {**entry, "payload": payload, "leaf_hash": merkle.leaf_hash(payload.encode()).hex()}


@given(st.integers(2, 40), st.sampled_from(["change", "remove", "insert", "swap", "cut"]), st.data())
def test_no_row_is_changed_removed_inserted_or_moved_unseen(size: int, how: str, data: st.DataObject) -> None:
    """Even by somebody who computes all hashes again: the signed heads do not fit any more."""
    document = _log(size)
    assert check_export(document, source="log").entries == size
    rows = document["entries"]
    place = data.draw(st.integers(0, size - 1))
    if how == "change":
        rows[place] = _set(rows[place], '{"n":"forged"}')
    elif how == "remove":
        del rows[place]
    elif how == "insert":
        rows.insert(place, _set(rows[place], '{"n":"forged"}'))
    elif how == "swap":
        other = data.draw(st.integers(0, size - 1).filter(lambda found: found != place))
        rows[place], rows[other] = rows[other], rows[place]
    else:
        del rows[place:]
    for index, row in enumerate(rows):
        row["index"] = index
    with pytest.raises(Problem):
        check_export(document, source="log")
