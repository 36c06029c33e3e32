"""Closing: nothing comes in any more, and one root over all sealed answers goes to the ledger. Or: void."""

from __future__ import annotations

import secrets
from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log, merkle
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS
from qiao.judge.evaluations.services.steps import day, joined, locked, note, require_evaluator, step_to, tell


def close_evaluation(*, actor: Actor, now: datetime, code: str, reason: str = "") -> Evaluation:
    """Close an evaluation. Doing it twice changes nothing.

    Where fewer than `FEWEST_ANSWERS` came in, or not as many as people who answered, it is void and nothing is ever
    opened. Raises Refused for anybody but this evaluator (or a job), Problem before its day without a reason, Problems
    for personal data in it.
    """
    require_clean({"reason": reason})
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.state == State.SEALED:
            return evaluation
        early = now < evaluation.closes
        if early and not reason.strip():
            raise Problem("It is open until %(closes)s: say why you close it earlier.", closes=day(evaluation.closes))
        step_to(evaluation, State.SEALED)
        answered = _shuffle_roll(evaluation)
        digests = sorted(evaluation.sealed_answers.values_list("digest", flat=True))
        evaluation.closed, evaluation.received, evaluation.root = now, len(digests), root_of(digests)
        evaluation.closed_early = reason.strip() if early else ""
        evaluation.save(update_fields=["state", "closed", "received", "root", "closed_early"])
        log.append(
            kind="evaluation.closed",
            code=evaluation.code,
            now=now,
            content={
                "answers": len(digests),
                "answered": answered,
                "root": evaluation.root,
                "early": early,
                "reason": evaluation.closed_early,
            },
        )
        note(evaluation, actor=actor, now=now, action="evaluation.close", answers=len(digests))
        if answered != len(digests):
            _void(
                evaluation,
                actor=actor,
                now=now,
                reason=localized(
                    f"收到 {len(digests)} 份密封答卷，而作答的有 {answered} 人：两数不符，不予开启。",
                    f"{len(digests)} sealed answers came from {answered} people: these differ, nothing is opened.",
                ),
            )
        elif len(digests) < FEWEST_ANSWERS:
            _void(
                evaluation,
                actor=actor,
                now=now,
                reason=localized(
                    f"答卷不足 {FEWEST_ANSWERS} 份，不予开启：人太少，结果会让人认出是谁说的。",
                    f"Fewer than {FEWEST_ANSWERS} answered. So few are never opened: it could point at who said what.",
                ),
            )
    return evaluation


def void_evaluation(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Evaluation:
    """Declare an evaluation void, with a public reason; nothing of it is ever opened and a new one can be commissioned.

    The evaluator may do so until the results are out; the commissioning side only before it opened. Raises Refused for
    others, Problem without a reason, Problems for personal data in it.
    """
    if not reason:
        raise Problem("Say why it is void: everybody reads it.")
    require_clean({"reason": reason})
    with atomic():
        evaluation = locked(code)
        require_voider(actor, evaluation)
        _void(evaluation, actor=actor, now=now, reason=reason)
    return evaluation


def require_voider(actor: Actor, evaluation: Evaluation) -> None:
    """Raise Refused for anybody but the evaluator and, before the opening, the commissioning side."""
    before_field = evaluation.state in (State.TERMS, State.KEYED)
    if not (before_field and actor.may("evaluation.commission", evaluation.unit.path)):
        require_evaluator(actor, evaluation)


def _void(evaluation: Evaluation, *, actor: Actor, now: datetime, reason: Localized) -> None:
    was_open = evaluation.opened is not None
    if evaluation.state == State.OPEN:
        # The sealed answers stay, and so does the evaluator's key: nothing may join them with the roll either.
        _shuffle_roll(evaluation)
    step_to(evaluation, State.VOID)
    evaluation.void_reason = reason
    evaluation.save(update_fields=["state", "void_reason"])
    log.append(kind="evaluation.void", code=evaluation.code, content={"reason": reason}, now=now)
    note(evaluation, actor=actor, now=now, action="evaluation.void")
    if was_open:
        tell(
            evaluation,
            actor=actor,
            now=now,
            title=joined(localized("评估作废：%(title)s", "Evaluation void: %(title)s"), title=evaluation.title),
            body=reason,
        )


def root_of(digests: list[str]) -> str:
    """Merkle root (RFC 9162, hex) over the sorted digests of all sealed answers: their order tells nothing."""
    return merkle.root([merkle.leaf_hash(bytes.fromhex(digest)) for digest in sorted(digests)]).hex()


def _shuffle_roll(evaluation: Evaluation) -> int:
    """Write the roll anew in random order and return how many answered.

    Answers on their way in hold their entry; they are waited for. Afterwards neither the order of rows nor the
    number of the transaction that wrote them joins a person with a sealed answer.
    """
    entries = list(evaluation.roll.select_for_update().order_by("pk"))
    secrets.SystemRandom().shuffle(entries)
    evaluation.roll.all().delete()
    RollEntry.objects.bulk_create(
        [
            RollEntry(evaluation=evaluation, person_id=entry.person_id, invited=entry.invited, answered=entry.answered)
            for entry in entries
        ],
        batch_size=5000,
    )
    return sum(entry.answered for entry in entries)
