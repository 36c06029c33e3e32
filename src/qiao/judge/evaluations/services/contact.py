"""Taking a mystery contact: from somebody of the evaluator's, sealed, while the evaluation is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qiao.base import sealing
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.judge.evaluations.models import SealedContact
from qiao.judge.evaluations.rules.contacts import SHEETS, checked_contact
from qiao.judge.evaluations.services.box import digest_of, open_box
from qiao.judge.evaluations.services.steps import require_interviewer


def report_contact(
    *, actor: Actor, now: datetime, code: str, given: Mapping[str, str] | None = None, sealed: bytes | None = None
) -> str:
    """Keep one contact and return the SHA-256 of what is kept. The same bytes again change nothing.

    Either ``sealed`` on the reporter's device, or ``given`` to be sealed now, where script was off. No audit row: rows
    in order of time would tell those judged when they were visited. Raises Refused without a seat with this evaluator;
    Problem where the terms plan no contacts, for a score that is missing, while the evaluation is not open.
    """
    with atomic():
        evaluation = open_box(code, now)
        require_interviewer(actor, evaluation)
        if not evaluation.contacts_planned:
            raise Problem("The terms of this evaluation plan no mystery contacts.")
        if sealed is None:
            content = checked_contact(SHEETS[evaluation.contact_sheet], given or {})
            sealed = sealing.seal(evaluation.public_key, content)
        digest = digest_of(sealed)
        SealedContact.objects.get_or_create(digest=digest, defaults={"evaluation": evaluation, "sealed": sealed})
    return digest
