"""The proof of filing: what was sent, its hash, and where the ledger holds it."""

from __future__ import annotations

from django.utils.timezone import localdate

from qiao.base.ledger import merkle
from qiao.hear.window.models import DaySeal, Request


def proof_of_filing(request: Request, content: str) -> dict[str, object]:
    """Everything somebody needs to show later what was filed when: hash it again, follow the path to the ledger.

    ``content`` is the exact text that was hashed (UTF-8). Before the day is sealed there is no ``ledger``.
    """
    found: dict[str, object] = {
        "receipt": request.receipt,
        "code": request.code,
        "received": localdate(request.received).isoformat(),
        "promised": localdate(request.due).isoformat(),
        "sha256": request.filing_hash,
        "content": content,
    }
    seal = DaySeal.objects.filter(day=localdate(request.received)).first()
    if seal is not None and request.filing_hash in seal.filings:
        leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in seal.filings]
        place = seal.filings.index(request.filing_hash)
        found["ledger"] = {
            "entry": seal.ledger_index,
            "place": place,
            "size": len(leaves),
            "path": [step.hex() for step in merkle.inclusion_proof(leaves, place)],
            "root": merkle.root(leaves).hex(),
        }
    return found
