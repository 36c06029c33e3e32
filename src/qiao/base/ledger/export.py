"""The ledger as one document anybody can check without our database, and the check itself.

Pure: no database, no settings, no clock. The document is what `/ledger/export/` serves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from qiao.base.ledger import merkle
from qiao.base.problems import Place, Problem

FORMAT = "qiao-ledger-1"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found in order."""

    entries: int
    heads: int
    root: str
    newest_head: str


def head_statement(size: int, top: bytes, at: datetime) -> bytes:
    """The bytes that are signed for a head."""
    return f"qiao-tree-head-v1\n{size}\n{top.hex()}\n{at.isoformat()}\n".encode()


def check_export(document: Mapping[str, Any], *, source: str, older: Mapping[str, Any] | None = None) -> Checked:
    """Check every entry's hash, every head's root and signature; and that ``older`` is a beginning of it.

    Raises Problem naming the first entry or head that does not fit.
    """
    if document.get("format") != FORMAT:
        raise Problem("This is no ledger export.", place=Place(source), hint="Download it from /ledger/export/.")
    hashes = _entry_hashes(document, source)
    key = _key(document, source)
    heads = sorted(document.get("heads", []), key=lambda head: int(head["size"]))
    for head in heads:
        _check_head(head, hashes, key, source)
    if older is not None:
        _check_beginning(document, older, source)
    return Checked(
        entries=len(hashes),
        heads=len(heads),
        root=merkle.root(hashes).hex(),
        newest_head=heads[-1]["at"] if heads else "",
    )


def _entry_hashes(document: Mapping[str, Any], source: str) -> list[bytes]:
    hashes = []
    for position, entry in enumerate(document.get("entries", [])):
        if entry.get("index") != position:
            raise Problem(
                "Entry %(position)d is missing, or entries were reordered.", place=Place(source), position=position
            )
        found = merkle.leaf_hash(str(entry["payload"]).encode())
        if found.hex() != entry.get("leaf_hash"):
            raise Problem(
                "Entry %(position)d was changed: its hash does not fit.", place=Place(source), position=position
            )
        hashes.append(found)
    return hashes


def _key(document: Mapping[str, Any], source: str) -> VerifyKey:
    try:
        return VerifyKey(bytes.fromhex(str(document["public_key"])))
    except (KeyError, ValueError, TypeError):
        raise Problem("The export names no usable public key.", place=Place(source)) from None


def _check_head(head: Mapping[str, Any], hashes: list[bytes], key: VerifyKey, source: str) -> None:
    size = int(head["size"])
    if size > len(hashes):
        raise Problem(
            "The head over %(size)d entries was signed, but only %(found)d are here: entries were removed.",
            place=Place(source),
            size=size,
            found=len(hashes),
        )
    top = bytes.fromhex(head["root"])
    if merkle.root(hashes[:size]) != top:
        raise Problem("The head over %(size)d entries has another root.", place=Place(source), size=size)
    if head.get("key_id") != hashlib.sha256(bytes(key)).hexdigest():
        raise Problem("The head over %(size)d entries was signed with another key.", place=Place(source), size=size)
    try:
        key.verify(head_statement(size, top, datetime.fromisoformat(head["at"])), bytes.fromhex(head["signature"]))
    except (BadSignatureError, ValueError):
        raise Problem(
            "The signature of the head over %(size)d entries is false.", place=Place(source), size=size
        ) from None


def _check_beginning(document: Mapping[str, Any], older: Mapping[str, Any], source: str) -> None:
    before, after = older.get("entries", []), document.get("entries", [])
    if older.get("public_key") != document.get("public_key"):
        raise Problem("The two exports are signed with different keys.", place=Place(source))
    for position, entry in enumerate(before):
        if position >= len(after) or after[position].get("leaf_hash") != entry.get("leaf_hash"):
            raise Problem(
                "Entry %(position)d of the older export is not in this one: two different logs were shown.",
                place=Place(source),
                position=position,
            )
