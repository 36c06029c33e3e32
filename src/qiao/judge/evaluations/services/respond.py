"""The union's response to the result."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.services.steps import joined, locked, note, step_to, tell


def respond(*, actor: Actor, now: datetime, code: str, text: Localized) -> Evaluation:
    """Publish the union's response; given once. The figures were out before it and do not change.

    Raises Refused without ``evaluation.commission`` at the unit, Problem without a text or before the results.
    """
    if not text:
        raise Problem("Write what the union makes of the result and what it will change.")
    require_clean({"text": text})
    with atomic():
        evaluation = locked(code)
        require(actor, "evaluation.commission", evaluation.unit.path)
        step_to(evaluation, State.RESPONDED)
        evaluation.response, evaluation.responded = text, now
        evaluation.save(update_fields=["state", "response", "responded"])
        log.append(kind="evaluation.response", code=evaluation.code, content={"text": text}, now=now)
        note(evaluation, actor=actor, now=now, action="evaluation.respond")
        tell(
            evaluation,
            actor=actor,
            now=now,
            title=joined(localized("工会回应评估：%(title)s", "The union responds: %(title)s"), title=evaluation.title),
            body=text,
        )
    return evaluation
