"""Taking an answer: sealed on the member's device or on arrival, kept without person and time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from qiao.base import sealing
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry, SealedAnswer
from qiao.judge.evaluations.rules.codes import code_hash
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, checked_answers


def submit_sealed(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    answers: Mapping[str, str] | None = None,
    sealed: bytes | None = None,
    secret_code: str = "",
) -> Receipt:
    """Keep one member's sealed answers and mark on the roll that they answered; the receipt holds the hash of them.

    Either ``sealed`` on the member's device, which nobody here can read or check but for its size, or ``answers`` that
    are sealed now, where script was off. Exactly one of the two.

    Who answers is told by the single-use code or, without one, by the account. No audit row is written: rows in order
    of time would tell how many answered and when. Raises Problem for answers that are missing, a code that is unknown
    or used, an evaluation that is not open, sealed bytes that are none or were sent before; Refused for somebody who
    is not on the roll.
    """
    with atomic():
        entry = _entry(actor, code, secret_code)
        # Read after the entry is held: whoever closes waits for the entries first, so nothing comes in behind it.
        evaluation = Evaluation.objects.filter(code=code).first()
        if evaluation is None or evaluation.state != State.OPEN or now >= evaluation.closes:
            raise Problem("This evaluation is not open for answers.")
        if entry is None and secret_code:
            raise Problem("No code of this evaluation is so spelled: compare it sign by sign with your letter.")
        if entry is None:
            raise Refused("you were not drawn for this evaluation")
        if entry.answered:
            raise Problem("You have answered already: the first answer counts.")
        if sealed is None:
            content = checked_answers(INSTRUMENTS[evaluation.instrument], answers or {})
            sealed = sealing.seal(evaluation.public_key, content)
        elif len(sealed) != sealing.PAD + sealing.OVERHEAD:
            raise Problem("This is no sealed answer: reload the page and answer again.")
        digest = hashlib.sha256(sealed).hexdigest()
        if SealedAnswer.objects.filter(digest=digest).exists():
            # Somebody's sealed answer, copied: the same bytes never come about twice.
            raise Problem("This very answer was sent before: reload the page and answer again.")
        SealedAnswer.objects.create(evaluation=evaluation, sealed=sealed, digest=digest)
        entry.answered = True
        entry.save(update_fields=["answered"])
        return give_receipt(kind="evaluation", code=code, now=now, reference=digest)


def _entry(actor: Actor, code: str, secret_code: str) -> RollEntry | None:
    """The roll entry this answer belongs to, held until the transaction ends."""
    roll = RollEntry.objects.select_for_update(of=("self",)).filter(evaluation__code=code)
    if secret_code:
        return roll.filter(code_hash=code_hash(secret_code)).first()
    return roll.filter(person_id=actor.person_id).first() if actor.person_id is not None else None
