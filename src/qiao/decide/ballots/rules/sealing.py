"""How papers and receipts are written before they are hashed: one form, which anybody can make again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from qiao.base.codes import normal_secret_code
from qiao.base.ledger import merkle


def paper_line(key: object, marks: Sequence[str], ranks: Sequence[int]) -> str:
    """One paper as a line of text: ``key:P-1,P-2``, or ``key:P-2=1,P-1=2`` where there are ranks."""
    said = [f"{code}={rank}" for code, rank in zip(marks, ranks, strict=True)] if ranks else marks
    return f"{key}:{','.join(said)}"


def paper_leaf(key: object, marks: Sequence[str], ranks: Sequence[int]) -> bytes:
    """The leaf of one paper in the tree whose root the ledger keeps."""
    return merkle.leaf_hash(paper_line(key, marks, ranks).encode())


def receipt_leaves(numbers: Iterable[str]) -> list[bytes]:
    """Leaves of the receipts' tree, sorted: where a receipt stands in it says nothing about when it was given."""
    return sorted(merkle.leaf_hash(number.encode()) for number in numbers)


def booth_digest(booth_code: str) -> str:
    """What is kept of a code handed out for the booth, however it was typed."""
    return hashlib.sha256(normal_secret_code(booth_code).encode()).hexdigest()
