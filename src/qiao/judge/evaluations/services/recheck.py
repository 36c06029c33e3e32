"""Looking again: whether what the union promised is done, as the evaluator finds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.evaluations.choices import OUT_STATES, Outcome, State
from qiao.judge.evaluations.models import Evaluation, PromiseCheck, Recheck
from qiao.judge.evaluations.queries.after import open_promises
from qiao.judge.evaluations.services.steps import joined, locked, note, require_evaluator, set_recheck, step_to, tell


def recheck(
    *, actor: Actor, now: datetime, code: str, text: Localized, found: Mapping[int, tuple[Outcome, Localized]]
) -> Evaluation:
    """Publish what the evaluator found on looking again. With every promise kept the evaluation is closed.

    ``found``: promise (its key) to outcome and what was found; every promise not yet kept is among them. Where the
    union has not responded, or a promise is not kept, the clock of the next recheck starts. Raises Refused for anybody
    but this evaluator; Problem before the day, without words, for a promise left out or a gap without a reason.
    """
    if not text:
        raise Problem("Write what you looked at and what you found.")
    require_clean({"text": text, **{f"promise {key}": said for key, (_outcome, said) in found.items() if said}})
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.state not in OUT_STATES or evaluation.state == State.ENDED:
            raise Problem("There is nothing to recheck.")
        if evaluation.recheck_from is not None and localdate(now) < evaluation.recheck_from:
            raise Problem("It is rechecked from %(day)s on.", day=evaluation.recheck_from)
        waiting = open_promises(evaluation)
        for promise in waiting:
            if promise.pk not in found:
                raise Problem("Say of every promise whether it was kept.")
            outcome, said = found[promise.pk]
            if outcome != Outcome.KEPT and not said:
                raise Problem("Write what was found where a promise was not kept in full.")
        kept = sum(found[promise.pk][0] == Outcome.KEPT for promise in waiting)
        whole = bool(evaluation.response) and kept == len(waiting)
        step_to(evaluation, State.ENDED if whole else State.RECHECKED)
        turn = evaluation.rechecks.count() + 1
        made = Recheck.objects.create(evaluation=evaluation, turn=turn, at=now, text=text)
        PromiseCheck.objects.bulk_create(
            [
                PromiseCheck(recheck=made, promise=promise, outcome=found[promise.pk][0], note=found[promise.pk][1])
                for promise in waiting
            ]
        )
        if not whole:
            set_recheck(evaluation, now=now)
        evaluation.save(update_fields=["state", "recheck_from", "recheck_due"])
        log.append(
            kind="evaluation.rechecked",
            code=code,
            content={
                "turn": turn,
                "text": text,
                "promises": [
                    {"position": promise.position, "outcome": found[promise.pk][0].value} for promise in waiting
                ],
            },
            now=now,
        )
        note(evaluation, actor=actor, now=now, action="evaluation.recheck", kept=kept, of=len(waiting))
        tell(
            evaluation,
            actor=actor,
            now=now,
            title=joined(localized("评估复查：%(title)s", "Rechecked: %(title)s"), title=evaluation.title),
            body=_told(len(waiting), kept, responded=bool(evaluation.response)),
        )
    return evaluation


def _told(promises: int, kept: int, *, responded: bool) -> Localized:
    if not responded:
        return localized(
            "工会至今没有回应评估结果。第三方已公布复查情况。",
            "The union has not responded to the result. The evaluator published what it found on looking again.",
        )
    return joined(
        localized(
            "工会的 %(promises)s 项整改承诺，已做到 %(kept)s 项。第三方已公布复查情况。",
            "%(kept)s of the union's %(promises)s promises were kept. The evaluator published what it found.",
        ),
        promises=str(promises),
        kept=str(kept),
    )
