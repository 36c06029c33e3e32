"""Taking an answer in one step, where the device could not make a credential: here it is made and spent at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qiao.base import sealing
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.judge.evaluations.choices import Mode
from qiao.judge.evaluations.models import IssuerKey, SealedAnswer
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, checked_answers
from qiao.judge.evaluations.services.box import digest_of, open_box, put
from qiao.judge.evaluations.services.credential import own_credential, private_of, require_mode, strike
from qiao.judge.evaluations.services.roll import held_entry, require_entry


def submit_sealed(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    answers: Mapping[str, str] | None = None,
    sealed: bytes | None = None,
    secret_code: str = "",
    mode: Mode = Mode.DEVICE,
) -> Receipt:
    """Keep one member's sealed answers and mark on the roll that their credential is given out, in one step.

    Either ``sealed`` on the member's device, which nobody here can read or check but for its size, or ``answers`` that
    are sealed now, where script was off. Exactly one of the two. For this one request the server knows whose it is;
    what it keeps is the same as of those who sent a credential of their own.

    Who answers is told by the single-use code or, without one, by the account. No audit row is written: rows in order
    of time would tell how many answered and when. Raises Problem for answers that are missing, a code that is unknown
    or used, an evaluation that is not open, sealed bytes that are none or were sent before; Refused for somebody who
    is not on the roll, and in an assisted ``mode`` without a seat with the evaluator.
    """
    with atomic():
        # The box first, the entry then: whoever closes takes them in this order too.
        evaluation = open_box(code, now)
        require_mode(actor, evaluation, mode, secret_code)
        entry = require_entry(held_entry(actor, code, secret_code), secret_code)
        if entry.issued:
            raise Problem("Your one answer was given, or begun, before: it counts once.")
        if sealed is None:
            content = checked_answers(INSTRUMENTS[evaluation.instrument], {**(answers or {}), "mode": mode.value})
            sealed = sealing.seal(evaluation.public_key, content)
        digest = digest_of(sealed)
        if SealedAnswer.objects.filter(digest=digest).exists():
            # Somebody's sealed answer, copied: the same bytes never come about twice.
            raise Problem("This very answer was sent before: reload the page and answer again.")
        prefix, credential = None, None
        # What was opened before there were credentials goes on without them.
        if IssuerKey.objects.filter(evaluation=evaluation).exists():
            prefix, credential = own_credential(private_of(evaluation), digest)
        strike(entry, mode)
        return put(evaluation, sealed, prefix=prefix, credential=credential, now=now)
