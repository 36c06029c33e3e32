"""Writing to the log, signing its heads, proving an entry."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import connection
from nacl.signing import SigningKey

from qiao.base.ledger import merkle
from qiao.base.ledger.export import FORMAT, head_statement
from qiao.base.models import LedgerLeaf, TreeHead

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
    LedgerLeaf.objects.create(
        index=index, at=now, kind=kind, code=code, payload=payload, leaf_hash=merkle.leaf_hash(payload.encode())
    )
    return int(index)


def canonical(content: Mapping[str, object]) -> str:
    """The one JSON text of a content: sorted keys, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sign_head(*, now: datetime) -> TreeHead | None:
    """Sign the log as it stands; None where it is empty. Doing it twice at one size changes nothing."""
    leaves = _leaf_hashes()
    if not leaves:
        return None
    top = merkle.root(leaves)
    key = signing_key()
    head, _ = TreeHead.objects.get_or_create(
        size=len(leaves),
        defaults={
            "at": now,
            "root": top,
            "signature": key.sign(head_statement(len(leaves), top, now)).signature,
            "key_id": key_id(key),
        },
    )
    return head


def prove(index: int, head: TreeHead) -> Proof:
    """Inclusion proof of entry ``index`` against a signed head. Raises LedgerLeaf.DoesNotExist beyond the head."""
    leaf = LedgerLeaf.objects.get(pk=index, index__lt=head.size)
    leaves = _leaf_hashes(head.size)
    return Proof(
        index=index,
        size=head.size,
        payload=leaf.payload,
        leaf_hash=bytes(leaf.leaf_hash).hex(),
        path=tuple(step.hex() for step in merkle.inclusion_proof(leaves, index)),
        root=bytes(head.root).hex(),
    )


def export() -> dict[str, object]:
    """The whole log with its heads and public key, for ``qiao verify`` and anybody's own program."""
    return {
        "format": FORMAT,
        "public_key": bytes(signing_key().verify_key).hex(),
        "entries": [
            {"index": leaf.index, "payload": leaf.payload, "leaf_hash": bytes(leaf.leaf_hash).hex()}
            for leaf in LedgerLeaf.objects.order_by("index").iterator()
        ],
        "heads": [
            {
                "size": head.size,
                "at": head.at.isoformat(),
                "root": head.root_hex,
                "signature": bytes(head.signature).hex(),
                "key_id": head.key_id,
            }
            for head in TreeHead.objects.order_by("size")
        ],
    }


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


def _leaf_hashes(size: int | None = None) -> list[bytes]:
    rows = LedgerLeaf.objects.order_by("index").values_list("leaf_hash", flat=True)
    return [bytes(row) for row in (rows if size is None else rows[:size])]
