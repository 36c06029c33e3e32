"""What lets anybody check a vote: the place of a receipt under the ledger's root, entries with their proofs, bursts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qiao.base.i18n import pick, problem_text
from qiao.base.ledger import log, merkle
from qiao.base.models import LedgerLeaf, Receipt, TreeHead
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.decide.ballots.choices import BallotState, Channel, CountStage
from qiao.decide.ballots.models import Ballot, BoothCode, Desk, Paper
from qiao.decide.ballots.rules.sealing import booth_digest, paper_line, receipt_leaves


@dataclass(frozen=True, slots=True)
class ReceiptProof:
    """Where a receipt stands among all of the vote, and the path from it to the root in the ledger (hex)."""

    number: str
    place: int
    size: int
    leaf: str
    path: tuple[str, ...]
    root: str
    entry: int


@dataclass(frozen=True, slots=True)
class Counting:
    """How far the count of a closed vote is; ``fault`` is the template and values of what stopped it."""

    label: str
    done: int
    papers: int
    failed: bool
    fault: str


@dataclass(frozen=True, slots=True)
class BurstLine:
    """A stretch of minutes in which far more votes came in than around it."""

    begins: datetime
    minutes: int
    channel: str
    desk: str
    votes: int
    expected: float


def entry_of(code: str, kind: str) -> tuple[int, dict[str, Any]] | None:
    """Index and content of the ledger's entry of this kind on a ballot, None where there is none."""
    leaf = LedgerLeaf.objects.filter(code=code, kind=kind).order_by("-index").first()
    return None if leaf is None else (leaf.index, json.loads(leaf.payload))


def receipt_numbers(code: str) -> list[str]:
    """Every receipt given for a vote."""
    return list(Receipt.objects.filter(kind="ballot", code=code).values_list("number", flat=True))


def receipt_proof(ballot: Ballot, text: str) -> ReceiptProof:
    """The proof that a receipt is among those sealed at the close.

    Raises Problem for a number that is mistyped or of something else, and before the vote is closed.
    """
    receipt = find_receipt(text)
    if receipt is None or (receipt.kind, receipt.code) != ("ballot", ballot.code):
        raise Problem("This number is no receipt of this vote. Look whether every sign is right.")
    sealed = entry_of(ballot.code, "ballot.closed")
    if sealed is None or ballot.state not in (BallotState.CLOSED, BallotState.COUNTED):
        raise Problem("The receipt is good: a vote went in. The proof follows when the vote is closed.")
    leaves = receipt_leaves(receipt_numbers(ballot.code))
    own = merkle.leaf_hash(receipt.number.encode())
    place = leaves.index(own)
    return ReceiptProof(
        number=receipt.number,
        place=place + 1,
        size=len(leaves),
        leaf=own.hex(),
        path=tuple(step.hex() for step in merkle.inclusion_proof(leaves, place)),
        root=str(sealed[1]["receipts_root"]),
        entry=sealed[0],
    )


def counting_of(ballot: Ballot) -> Counting | None:
    """How far a count that was asked for has come; None where none is under way."""
    if ballot.state != BallotState.CLOSED or ballot.count_stage == CountStage.NONE:
        return None
    fault = ballot.count_fault
    template = fault.get("message", "")
    said = problem_text(Problem(template, **fault["params"])) if template else ""
    return Counting(
        label=str(CountStage(ballot.count_stage).label),
        done=ballot.count_done,
        papers=ballot.turnout or 0,
        failed=ballot.count_stage == CountStage.FAILED,
        fault=said,
    )


def bursts_of(ballot: Ballot) -> list[BurstLine]:
    """What stood out in the times of a closed vote, in the order of time."""
    names = {desk.pk: pick(desk.name) for desk in Desk.objects.filter(ballot=ballot)}
    lines = [
        BurstLine(
            begins=datetime.fromisoformat(each["begins"]),
            minutes=each["minutes"],
            channel=str(Channel(each["channel"]).label),
            desk=names.get(each["desk"], ""),
            votes=each["votes"],
            expected=each["expected"],
        )
        for each in ballot.bursts
    ]
    return sorted(lines, key=lambda line: line.begins)


def booth_code_waits(code: str, booth_code: str) -> bool:
    """Whether a code was handed out for this vote and is not used."""
    return BoothCode.objects.filter(desk__ballot__code=code, digest=booth_digest(booth_code), used=False).exists()


def paper_lines(ballot: Ballot) -> Iterator[str]:
    """Every paper as it was sealed, in the order of the random keys."""
    rows = Paper.objects.filter(ballot=ballot).order_by("pk").values_list("pk", "marks", "ranks")
    for key, marks, ranks in rows.iterator(chunk_size=20_000):
        yield paper_line(key, marks, ranks)


def proved_entry(code: str, kind: str) -> dict[str, Any] | None:
    """The ledger's entry of this kind with its path to a signed head; the entry alone as long as none covers it."""
    leaf = LedgerLeaf.objects.filter(code=code, kind=kind).order_by("-index").first()
    if leaf is None:
        return None
    head = TreeHead.objects.filter(size__gt=leaf.index).order_by("size").first()
    if head is None:
        return {"kind": kind, "index": leaf.index, "payload": leaf.payload}
    found = log.prove(leaf.index, head)
    return {
        "kind": kind, "index": found.index, "size": found.size, "payload": found.payload, "path": list(found.path),
        "root": found.root, "at": head.at.isoformat(), "signature": bytes(head.signature).hex(),
        "public_key": bytes(log.signing_key().verify_key).hex(),
    }  # fmt: skip
