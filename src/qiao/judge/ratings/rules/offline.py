"""Taking one's seal off the box's key on a machine of one's own: the file that goes there, the file that comes back.

A count officer's private key never meets the server. What comes back is what lay beneath their seal: it is still sealed
for the next officer or, after the last one needed, the key of this one box, which is closed by then.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_noop as noop

from qiao.base import sealing
from qiao.base.problems import Problem
from qiao.judge.ratings.rules.keys import Wrapped, hash_of, unwrap

KEYS_FORMAT, OFF_FORMAT = "qiao-rating-keys-1", "qiao-rating-off-1"
_NO_FILE = noop(
    "This is no file of that kind: take the one this page gave out, or the one “qiao judge take-off” wrote."
)


def private_key_of(text: str) -> str:
    """The key in what was pasted or read: `qiao judge keygen` writes a line that begins with # above it."""
    return "".join(line.strip() for line in text.splitlines() if not line.lstrip().startswith("#"))


def keys_file(code: str, position: int, public_key: str, copies: Iterable[Wrapped]) -> str:
    """Copies of the box's key whose next seal is that of this officer; ``hashes[0]``: of what lies beneath it."""
    return _json(
        {
            "format": KEYS_FORMAT, "rating": code, "position": position, "public_key": public_key,
            "copies": [
                {"order": list(one.order), "sealed": base64.b64encode(one.blob).decode(), "sha256": one.hashes[0]}
                for one in copies
            ],
        }
    )  # fmt: skip


def take_off(text: str, private: str) -> str:
    """Take one's own seal off every copy in a keys file. Raises Problem for another file or key, or a changed copy."""
    content = _read(text, KEYS_FORMAT)
    if not sealing.matches(str(content["public_key"]), private):
        raise Problem("This key does not belong to %(code)s: use the file kept for it.", code=content["rating"])
    taken = []
    for one in _copies(content, "sealed"):
        try:
            inner = unwrap(private, base64.b64decode(str(one["sealed"]), validate=True))
        except (sealing.WrongKey, KeyError, ValueError):
            inner = ""
        if hash_of(inner) != one.get("sha256"):
            raise Problem("The sealed key of the box was changed: declare this rating void and call the auditor.")
        taken.append({"order": one["order"], "inner": inner})
    return _json({"format": OFF_FORMAT, "rating": content["rating"], "position": content["position"], "copies": taken})


def taken_off(text: str, code: str, position: int) -> dict[tuple[int, ...], str]:
    """What an officer hands in: order to what lay beneath their seal. Raises Problem for anything else."""
    content = _read(text, OFF_FORMAT)
    if (content["rating"], content["position"]) != (code, position):
        raise Problem("This file was made for another rating or by another count officer. Nothing was changed.")
    found = {}
    for one in _copies(content, "inner"):
        order = one["order"]
        if not isinstance(order, list) or not all(isinstance(place, int) for place in order):
            raise Problem(_NO_FILE)
        found[tuple(order)] = str(one["inner"])
    return found


def _read(text: str, wanted: str) -> Mapping[str, object]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(_NO_FILE) from None
    if not isinstance(content, dict) or content.get("format") != wanted:
        raise Problem(_NO_FILE)
    if not {"rating", "position", "copies"} <= set(content):
        raise Problem(_NO_FILE)
    return content


def _copies(content: Mapping[str, object], field: str) -> Sequence[Mapping[str, object]]:
    copies = content["copies"]
    if not isinstance(copies, list) or not all(
        isinstance(one, dict) and {"order", field} <= set(one) for one in copies
    ):
        raise Problem(_NO_FILE)
    return copies


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
