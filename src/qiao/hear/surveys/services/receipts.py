"""Receipts of answers: numbers that prove themselves, so that no row says when an answer came or whose it was.

A number is seven signs that come from the answer's row by a keyed hash, and five that a keyed hash makes of those and
of the round. Whoever holds one learns the state of the round; it leads to no answer and stands in no table.
"""

from __future__ import annotations

import uuid

from qiao.base import receipts, vault
from qiao.base.codes import ALPHABET, receipt_number
from qiao.base.models import Receipt
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.shell import RECEIPT_KIND

_NONCE, _TAG = 7, 5


def number_for(round_id: int, row: uuid.UUID) -> str:
    """The receipt of an answer's row: the same whenever it is asked for."""
    nonce = _signs(vault.fingerprint(row.hex, purpose="surveys.receipt.nonce")[2:], _NONCE)
    return receipt_number(nonce + _tag(vault.fingerprint(f"{round_id}|{nonce}", purpose="surveys.receipt.tag")))


def find(number: str) -> Receipt | None:
    """A receipt (never stored) for a number that one of the rounds made; None for any other."""
    body = "".join(sign for sign in number.removeprefix("R-") if sign != "-")[:-1]
    if len(body) != _NONCE + _TAG:
        return None
    nonce, tag = body[:_NONCE], body[_NONCE:]
    for pk, code in Round.objects.filter(opened__isnull=False).order_by("-pk").values_list("pk", "code"):
        # While keys are being changed, numbers of the key before are as good.
        prints = vault.fingerprints(f"{pk}|{nonce}", purpose="surveys.receipt.tag")
        if any(_tag(found) == tag for found in prints):
            return Receipt(number=number, kind=RECEIPT_KIND, code=code)
    return None


def _tag(found: bytes) -> str:
    return _signs(found[2:], _TAG)


def _signs(source: bytes, number: int) -> str:
    value = int.from_bytes(source[:16], "big")
    signs = []
    for _ in range(number):
        value, place = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def register() -> None:
    """Let the page of receipts know these numbers."""
    receipts.register_derived(find)
