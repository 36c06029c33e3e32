"""The evaluator's keys: their public halves are registered, the private ones never come here."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.keys import PublicKeys
from qiao.judge.evaluations.services.steps import check_independence, locked, note, require_evaluator, step_to


def register_key(*, actor: Actor, now: datetime, code: str, keys: PublicKeys) -> Evaluation:
    """Register the public halves of the evaluator's keys; until the frame is frozen they may be replaced.

    With them the seed of the draw is committed. Raises Refused for anybody but this evaluator, Problem afterwards.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        project = project_by_code(evaluation.project_code)
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
        if (evaluation.public_key, evaluation.signing_key, evaluation.seed_hash) == (keys.seal, keys.sign, keys.draw):
            return evaluation
        if evaluation.frame_frozen is not None:
            raise Problem("The frame is frozen: keys and seed can no longer be replaced.")
        step_to(evaluation, State.KEYED)
        evaluation.public_key, evaluation.signing_key, evaluation.seed_hash = keys.seal, keys.sign, keys.draw
        evaluation.save(update_fields=["state", "public_key", "signing_key", "seed_hash"])
        content = {"public_key": keys.seal, "signing_key": keys.sign, "seed_hash": keys.draw}
        log.append(kind="evaluation.key", code=evaluation.code, content=content, now=now)
        note(evaluation, actor=actor, now=now, action="evaluation.key")
    return evaluation
