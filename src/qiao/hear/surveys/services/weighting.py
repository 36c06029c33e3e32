"""Weighting a closed round by a plan that is frozen with it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.ledger.text import canonical
from qiao.base.problems import Problem
from qiao.hear.surveys.choices import OUT, RoundState, WeightMethod
from qiao.hear.surveys.models import Answer, Round
from qiao.hear.surveys.queries.weights import weighting_plan


def weight_round(*, actor: Actor, now: datetime, code: str, method: str = "") -> Round:
    """Weight the answers of a closed round by ``method`` ("": the one that fits best) and freeze the plan.

    The plan stands in the ledger by its hash. The weights are made from who was drawn and who answered, never from what
    was said; once made they stay: a second try returns the round as it is. Raises Refused without ``round.weight`` at
    the unit, Problem for a round that is not closed, one with too few answers, or a method that cannot be carried out.
    """
    with atomic():
        survey = Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "round.weight", survey.unit.path)
        if survey.state == RoundState.WEIGHTED or survey.state in OUT:
            return survey
        if survey.state != RoundState.CLOSED:
            raise Problem("Answers are weighted after the round is closed.")
        if Answer.objects.filter(round=survey).count() < survey.publish_floor:
            raise Problem("There are too few answers to weight: the round is published as failed.")
        if method and method not in {WeightMethod.STRATA, WeightMethod.RAKE, WeightMethod.CELLS}:
            raise Problem("There is no such way to weight.")
        survey.weighting = weighting_plan(survey, method)
        survey.state, survey.weighted = RoundState.WEIGHTED, now
        survey.save(update_fields=["weighting", "state", "weighted"])
        digest = hashlib.sha256(canonical(survey.weighting).encode()).hexdigest()
        log.append(
            kind="round.weighted", code=code, now=now,
            content={"plan": digest, "method": survey.weighting["method"], "cap": survey.weight_cap},
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="round.weight", code=code, unit_path=survey.unit.path,
            detail={"method": survey.weighting["method"]},
        )  # fmt: skip
    return survey
