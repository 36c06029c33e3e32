"""The evaluator's key: its public half is registered, its private half never kept here."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from nacl.exceptions import CryptoError

from qiao.base import sealing
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.services.steps import check_independence, locked, note, require_evaluator, step_to


def register_key(*, actor: Actor, now: datetime, code: str, public_key: str) -> Evaluation:
    """Register the public half of the evaluator's key; until the opening it may be replaced.

    Raises Refused for anybody but this evaluator, Problem for what is no public key or after the opening.
    """
    public = _checked(public_key)
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        project = project_by_code(evaluation.project_code)
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
        if evaluation.public_key == public:
            return evaluation
        step_to(evaluation, State.KEYED)
        evaluation.public_key = public
        evaluation.save(update_fields=["state", "public_key"])
        log.append(kind="evaluation.key", code=evaluation.code, content={"public_key": public}, now=now)
        note(evaluation, actor=actor, now=now, action="evaluation.key")
    return evaluation


def make_key(*, actor: Actor, now: datetime, code: str) -> sealing.KeyPair:
    """Make a pair, register its public half, return both: the private half exists in this call's answer only."""
    pair = sealing.new_key_pair()
    register_key(actor=actor, now=now, code=code, public_key=pair.public)
    return pair


def _checked(public_key: str) -> str:
    """The key in its one spelling. Raises Problem for anything that cannot seal."""
    text = "".join(public_key.split())
    try:
        raw = base64.b64decode(text, validate=True)
        public = base64.b64encode(raw).decode()
        sealing.seal(public, {})
    except (binascii.Error, ValueError, TypeError, CryptoError):
        raise Problem(
            "This is no public key.", hint="It is one line of 44 signs, as “qiao judge keygen” prints it."
        ) from None
    return public
