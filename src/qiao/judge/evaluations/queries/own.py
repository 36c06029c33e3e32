"""Where one member stands towards an evaluation: asked or not, answered or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base.access import Actor
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.rules.codes import code_hash


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the evaluation takes answers now, whether this person is asked and has answered."""

    open: bool
    asked: bool
    answered: bool


def standing_of(actor: Actor, evaluation: Evaluation, now: datetime) -> Standing:
    """Of the signed-in member."""
    entry = None
    if actor.person_id is not None:
        entry = RollEntry.objects.filter(evaluation=evaluation, person_id=actor.person_id).first()
    return _standing(entry, evaluation, now)


def standing_by_code(secret_code: str, evaluation: Evaluation, now: datetime) -> Standing:
    """Of whoever holds this single-use code."""
    entry = RollEntry.objects.filter(evaluation=evaluation, code_hash=code_hash(secret_code)).first()
    return _standing(entry, evaluation, now)


def _standing(entry: RollEntry | None, evaluation: Evaluation, now: datetime) -> Standing:
    is_open = evaluation.state == State.OPEN and now < evaluation.closes
    return Standing(is_open, entry is not None, entry is not None and entry.answered)
