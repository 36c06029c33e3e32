"""Writing to the log, signing its heads, proving an entry."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import connection
from django.db.models import Q
from nacl.signing import SigningKey

from qiao.base.ledger import merkle, subtrees
from qiao.base.ledger.export import FORMAT, head_statement
from qiao.base.ledger.text import canonical
from qiao.base.models import LedgerLeaf, LedgerNode, TreeHead

#: Any fixed number: writers of the log wait for each other on it, so that indexes have no gap.
_LOCK = 0x51494F


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry, the head it is proved against and the audit path between them (all hex)."""

    index: int
    size: int
    payload: str
    leaf_hash: str
    path: tuple[str, ...]
    root: str


def append(*, kind: str, code: str, content: Mapping[str, object], now: datetime) -> int:
    """Append one entry in the caller's transaction and return its index.

    The entry is canonical JSON (sorted keys, no blanks, UTF-8), so that anyone can hash it again. ``content`` holds
    hashes, texts and totals that may be public at once or later; never a person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM base_ledgerleaf")
        (index,) = cursor.fetchone()
    payload = canonical({"at": now.isoformat(), "code": code, "kind": kind, **content})
    leaf = merkle.leaf_hash(payload.encode())
    LedgerLeaf.objects.create(index=index, at=now, kind=kind, code=code, payload=payload, leaf_hash=leaf)
    _complete(int(index), leaf)
    return int(index)


def _complete(index: int, leaf: bytes) -> None:
    """Store the subtrees this leaf completes: on the average one."""
    nodes = subtrees.completed(index)
    lefts = _fetch([(level - 1, 2 * position) for level, position in nodes])
    made, top = [], leaf
    for level, position in nodes:
        top = merkle.node_hash(lefts[level - 1, 2 * position], top)
        made.append(LedgerNode(level=level, position=position, hash=top))
    LedgerNode.objects.bulk_create(made)


def _fetch(nodes: Sequence[subtrees.Node]) -> dict[subtrees.Node, bytes]:
    """Hashes of complete subtrees in at most two questions."""
    leaves = [position for level, position in nodes if level == 0]
    found = {
        (0, index): bytes(value)
        for index, value in LedgerLeaf.objects.filter(index__in=leaves).values_list("index", "leaf_hash")
    }
    inner = [node for node in nodes if node[0]]
    if inner:
        wanted = Q()
        for level, position in inner:
            wanted |= Q(level=level, position=position)
        rows = LedgerNode.objects.filter(wanted).values_list("level", "position", "hash")
        found |= {(level, position): bytes(value) for level, position, value in rows}
    return found


def sign_head(*, now: datetime) -> TreeHead | None:
    """Sign the log as it stands; None where it is empty. Doing it twice at one size changes nothing."""
    last = LedgerLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    if last is None:
        return None
    size = last + 1
    (top,) = subtrees.hashes_of([(0, size)], _fetch)
    key = signing_key()
    head, _ = TreeHead.objects.get_or_create(
        size=size,
        defaults={
            "at": now,
            "root": top,
            "signature": key.sign(head_statement(size, top, now)).signature,
            "key_id": key_id(key),
        },
    )
    return head


def prove(index: int, head: TreeHead) -> Proof:
    """Inclusion proof of entry ``index`` against a signed head. Raises LedgerLeaf.DoesNotExist beyond the head."""
    leaf = LedgerLeaf.objects.get(pk=index, index__lt=head.size)
    return Proof(
        index=index,
        size=head.size,
        payload=leaf.payload,
        leaf_hash=bytes(leaf.leaf_hash).hex(),
        path=tuple(step.hex() for step in subtrees.hashes_of(subtrees.inclusion_spans(index, head.size), _fetch)),
        root=bytes(head.root).hex(),
    )


def prove_beginning(older: TreeHead, newer: TreeHead) -> tuple[str, ...]:
    """Consistency proof (hex): the log of the older head is a beginning of the newer one's."""
    return tuple(step.hex() for step in subtrees.hashes_of(subtrees.consistency_spans(older.size, newer.size), _fetch))


def export_lines() -> Iterator[str]:
    """The whole log with its heads and public key as one JSON document, a piece at a time: memory does not grow.

    For ``qiao verify`` and anybody's own program. Heads are read first, so that none is ahead of the entries.
    """
    heads = [
        {
            "size": head.size,
            "at": head.at.isoformat(),
            "root": head.root_hex,
            "signature": bytes(head.signature).hex(),
            "key_id": head.key_id,
        }
        for head in TreeHead.objects.order_by("size")
    ]
    public = bytes(signing_key().verify_key).hex()
    yield f'{{"format":{json.dumps(FORMAT)},"public_key":"{public}","heads":{json.dumps(heads)},"entries":['
    comma = ""
    for leaf in LedgerLeaf.objects.order_by("index").iterator(chunk_size=1000):
        entry = {"index": leaf.index, "payload": leaf.payload, "leaf_hash": bytes(leaf.leaf_hash).hex()}
        yield f"{comma}{json.dumps(entry, ensure_ascii=False)}\n"
        comma = ","
    yield "]}"


def export() -> dict[str, object]:
    """`export_lines` read again: for small logs."""
    document: dict[str, object] = json.loads("".join(export_lines()))
    return document


def signing_key() -> SigningKey:
    """The installation's Ed25519 key, made once under QIAO_HOME/keys."""
    path = Path(settings.HOME) / "keys" / "ledger_ed25519"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent) as made:
            made.write(bytes(SigningKey.generate()))
            made.flush()
            # The key appears whole or not at all, and of two processes at once the first one's stays.
            with suppress(FileExistsError):
                os.link(made.name, path)
    return SigningKey(path.read_bytes())


def key_id(key: SigningKey) -> str:
    """SHA-256 of the public key, hex: what a head names its key by."""
    return hashlib.sha256(bytes(key.verify_key)).hexdigest()
