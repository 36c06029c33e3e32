"""That one sealed answer is among those counted: the audit path from its digest to the root in the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from qiao.base.ledger import log, merkle
from qiao.base.models import LedgerLeaf, TreeHead
from qiao.judge.evaluations.models import Evaluation, SealedAnswer


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A sealed answer, its place among the sorted digests and the path to the root (all hex).

    Before the close there is neither place nor path: they would tell how many answers there are. ``ledger`` is the
    index of the entry that holds the root.
    """

    digest: str
    root: str
    index: int | None
    size: int | None
    path: tuple[str, ...]
    ledger: int | None


def inclusion_of(evaluation: Evaluation, digest: str) -> Inclusion | None:
    """The proof for the sealed answer with this digest, or None where none is stored."""
    if not SealedAnswer.objects.filter(evaluation=evaluation, digest=digest).exists():
        return None
    if evaluation.closed is None:
        return Inclusion(digest, "", None, None, (), None)
    digests = list(evaluation.sealed_answers.order_by("digest").values_list("digest", flat=True))
    leaves = [merkle.leaf_hash(bytes.fromhex(each)) for each in digests]
    index = digests.index(digest)
    entry = LedgerLeaf.objects.filter(code=evaluation.code, kind="evaluation.closed").order_by("index").first()
    return Inclusion(
        digest=digest,
        root=evaluation.root,
        index=index,
        size=len(leaves),
        path=tuple(step.hex() for step in merkle.inclusion_proof(leaves, index)),
        ledger=entry.index if entry else None,
    )


def proved_entries(evaluation: Evaluation) -> list[dict[str, object]]:
    """What the ledger holds of it, oldest first, each with its path to the newest signed head that covers it.

    An entry that no head covers yet stands alone.
    """
    head = TreeHead.objects.order_by("-size").first()
    public = bytes(log.signing_key().verify_key).hex()
    rows: list[dict[str, object]] = []
    for leaf in LedgerLeaf.objects.filter(code=evaluation.code).order_by("index"):
        row: dict[str, object] = {"kind": leaf.kind, "index": leaf.index, "payload": leaf.payload}
        if head is not None and leaf.index < head.size:
            found = log.prove(leaf.index, head)
            row |= {
                "size": found.size, "path": list(found.path), "root": found.root, "at": head.at.isoformat(),
                "signature": bytes(head.signature).hex(), "public_key": public,
            }  # fmt: skip
        rows.append(row)
    return rows
