"""The union's response to the result, with what it promises to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, Promise
from qiao.judge.evaluations.queries.owners import may_own
from qiao.judge.evaluations.services.steps import joined, locked, note, set_recheck, step_to, tell
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account

#: Promises of one response.
MOST = 6


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise: what will be done, by whom, until when."""

    text: Localized
    owner: Account
    until: date


def respond(
    *, actor: Actor, now: datetime, code: str, text: Localized, promises: Sequence[Promised] = ()
) -> Evaluation:
    """Publish the union's response and what it promises; given once. The figures were out before it and do not change.

    A response after its day starts the clock of the recheck anew. Raises Refused without ``evaluation.commission`` at
    the unit; Problem without a text, before the results, without a promise where the result is poor, for a day after
    the recheck, and for a promise owned by whoever answers for the judged project: who is judged does not also say
    that it is mended.
    """
    if not text:
        raise Problem("Write what the union makes of the result and what it will change.")
    require_clean({"text": text, **{f"promise {n}": one.text for n, one in enumerate(promises, start=1)}})
    with atomic():
        evaluation = locked(code)
        require(actor, "evaluation.commission", evaluation.unit.path)
        if evaluation.response:
            raise Problem("The union has responded: a response is given once.")
        step_to(evaluation, State.RESPONDED)
        if evaluation.response_due is not None and evaluation.response_due < localdate(now):
            # What is promised late is looked at after the same time; the evaluator may say before that none came.
            set_recheck(evaluation, now=now)
        _require_sound(evaluation, promises, now)
        evaluation.response, evaluation.responded = text, now
        evaluation.save(update_fields=["state", "response", "responded", "recheck_from", "recheck_due"])
        Promise.objects.bulk_create(
            [
                Promise(
                    evaluation=evaluation, position=position, text=one.text, owner=one.owner,
                    owner_name=one.owner.display_name, until=one.until,
                )
                for position, one in enumerate(promises, start=1)
            ]
        )  # fmt: skip
        log.append(
            kind="evaluation.response",
            code=evaluation.code,
            content={
                "text": text,
                "promises": [{"text": one.text, "until": one.until.isoformat()} for one in promises],
            },
            now=now,
        )
        note(evaluation, actor=actor, now=now, action="evaluation.respond", promises=len(promises))
        tell(
            evaluation,
            actor=actor,
            now=now,
            title=joined(localized("工会回应评估：%(title)s", "The union responds: %(title)s"), title=evaluation.title),
            body=text,
        )
    return evaluation


def _require_sound(evaluation: Evaluation, promises: Sequence[Promised], now: datetime) -> None:
    if evaluation.finding_code and not promises:
        raise Problem("The result is poor: say what will be mended, who answers for it, and until when.")
    if len(promises) > MOST:
        raise Problem("A response has at most %(most)d promises.", most=MOST)
    today, last = localdate(now), evaluation.recheck_from
    owner_id = project_by_code(evaluation.project_code).owner_id
    for one in promises:
        if not one.text:
            raise Problem("Write what will be done.")
        if not today < one.until or (last is not None and one.until > last):
            raise Problem("A promise is due after today and by the recheck on %(day)s.", day=last)
        if not may_own(evaluation, one.owner, today):
            raise Problem("%(name)s holds no office in this union, above or below it.", name=one.owner.display_name)
        if actor_for(one.owner, today).did(owner_id, evaluation.evaluator_id):
            raise Problem(
                "%(name)s answers for the project that was judged: let somebody else answer for mending it.",
                name=one.owner.display_name,
            )
