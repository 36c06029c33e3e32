"""The box: sealed answers come in with a credential and nothing else; no account, no person, no time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection

from qiao.base import sealing
from qiao.base.blind import PREFIX, is_token
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, IssuerKey, SealedAnswer

#: First number of the advisory lock between answers coming in and the close ("eval" in ASCII).
_LOCK = 0x6576616C


def open_box(code: str, now: datetime) -> Evaluation:
    """The evaluation, if it takes answers now and until this transaction ends. Raises Problem where it does not."""
    evaluation = Evaluation.objects.filter(code=code).first()
    if evaluation is not None:
        _hold(evaluation.pk, shared=True)
        # Read after the box is held: whoever closes waits for it, so nothing comes in behind the close.
        evaluation.refresh_from_db(fields=["state", "closes"])
    if evaluation is None or evaluation.state != State.OPEN or now >= evaluation.closes:
        raise Problem("This evaluation is not open for answers.")
    return evaluation


def shut_box(evaluation: Evaluation) -> None:
    """Wait for answers on their way in; later ones wait for this transaction and then find the evaluation closed."""
    _hold(evaluation.pk, shared=False)


def spend_credential(*, now: datetime, code: str, sealed: bytes, prefix: bytes, credential: bytes) -> Receipt:
    """Keep a sealed answer that comes with the issuer's signature of it; the receipt holds its hash.

    Nothing tells whose it is: there is no actor. The same again changes nothing and gives the same receipt, because an
    answer of this service may have been lost on its way. Raises Problem for bytes that are no sealed answer, a
    credential that is none of this evaluation or of another answer, an evaluation that is not open.
    """
    digest = digest_of(sealed)
    with atomic():
        evaluation = open_box(code, now)
        public = IssuerKey.objects.filter(evaluation=evaluation).values_list("public", flat=True).first()
        if public is None or len(prefix) != PREFIX or not is_token(public, prefix + bytes.fromhex(digest), credential):
            raise Problem("This credential is none of this evaluation, or belongs to another answer.")
        before = _spent(code, digest, prefix, credential)
        if before is not None:
            return before
        try:
            with atomic():
                return put(evaluation, sealed, prefix=prefix, credential=credential, now=now)
        except IntegrityError:
            # The same answer, sent twice at once: the other one is in.
            again = _spent(code, digest, prefix, credential)
            if again is None:
                raise
            return again


def digest_of(sealed: bytes) -> str:
    """SHA-256 (hex) of sealed bytes. Raises Problem for bytes that have not the size of a sealed answer."""
    if len(sealed) != sealing.PAD + sealing.OVERHEAD:
        raise Problem("This is no sealed answer: reload the page and answer again.")
    return hashlib.sha256(sealed).hexdigest()


def put(
    evaluation: Evaluation, sealed: bytes, *, prefix: bytes | None, credential: bytes | None, now: datetime
) -> Receipt:
    """Put one sealed answer into the box, in the caller's transaction, and give the receipt for it."""
    digest = digest_of(sealed)
    SealedAnswer.objects.create(
        evaluation=evaluation, sealed=sealed, digest=digest, prefix=prefix, credential=credential
    )
    return give_receipt(kind="evaluation", code=evaluation.code, now=now, reference=digest)


def _spent(code: str, digest: str, prefix: bytes, credential: bytes) -> Receipt | None:
    """The receipt of this very answer, where it came in before. Raises Problem where another credential brought it."""
    found = SealedAnswer.objects.filter(digest=digest).first()
    if found is None:
        return None
    if (bytes(found.prefix or b""), bytes(found.credential or b"")) != (prefix, credential):
        # Somebody's sealed answer, copied: the same bytes never come about twice.
        raise Problem("This very answer was sent before: reload the page and answer again.")
    return Receipt.objects.get(kind="evaluation", code=code, reference=digest)


@dataclass(frozen=True, slots=True)
class Counted:
    """What lies in the box: the digests in order, how many came without a valid credential; the receipts beside it."""

    digests: tuple[str, ...]
    without: int
    receipts: int
    agree: bool


def count_box(evaluation: Evaluation) -> Counted:
    """Count a shut box: every answer's credential is checked against the key in the ledger."""
    issuer = IssuerKey.objects.filter(evaluation=evaluation).first()
    rows = evaluation.sealed_answers.order_by("digest").values_list("digest", "prefix", "credential")
    digests, without = [], 0
    for digest, prefix, credential in rows.iterator(chunk_size=5000):
        digests.append(digest)
        if issuer is not None:
            token = bytes(prefix or b"") + bytes.fromhex(digest)
            without += not (prefix and credential and is_token(issuer.public, token, bytes(credential)))
    kept = Receipt.objects.filter(kind="evaluation", code=evaluation.code).values_list("reference", flat=True)
    return Counted(tuple(digests), without, len(kept), sorted(kept) == digests)


def _hold(key: int, *, shared: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s, %s)", [_LOCK, key % 2**31])
