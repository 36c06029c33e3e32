"""Closing: nothing comes in any more, and one root over all sealed answers goes to the ledger. Or: void."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log, merkle
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, IssuerKey
from qiao.judge.evaluations.rules.modes import told_modes
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS
from qiao.judge.evaluations.services.box import Counted, count_box, shut_box
from qiao.judge.evaluations.services.credential import destroy_issuer
from qiao.judge.evaluations.services.roll import shuffle_roll
from qiao.judge.evaluations.services.steps import day, joined, locked, note, require_evaluator, step_to, tell


def close_evaluation(*, actor: Actor, now: datetime, code: str, reason: str = "") -> Evaluation:
    """Close an evaluation. Doing it twice changes nothing.

    The issuer's key is destroyed. Where fewer than `FEWEST_ANSWERS` came in, or the box holds what no member can have
    sent, it is void and nothing is ever opened. Raises Refused for anybody but this evaluator (or a job), Problem
    before its day without a reason, Problems for personal data in it.
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
        shut_box(evaluation)
        modes = shuffle_roll(evaluation, codes=False)
        issued = len(modes)
        box = count_box(evaluation)
        digests = list(box.digests)
        evaluation.closed, evaluation.received, evaluation.root = now, len(digests), root_of(digests)
        evaluation.closed_early = reason.strip() if early else ""
        evaluation.issued_modes = told_modes(modes)
        contacts = {}
        if evaluation.contacts_planned:
            kept = sorted(evaluation.sealed_contacts.values_list("digest", flat=True))
            evaluation.contacts_received, evaluation.contacts_root = len(kept), root_of(kept)
            contacts = {"contacts": {"number": len(kept), "root": evaluation.contacts_root}}
        evaluation.save(
            update_fields=[
                "state",
                "closed",
                "received",
                "root",
                "closed_early",
                "issued_modes",
                "contacts_received",
                "contacts_root",
            ]
        )
        log.append(
            kind="evaluation.closed",
            code=evaluation.code,
            now=now,
            content={
                "answers": len(digests),
                "issued": issued,
                "issued_by_mode": evaluation.issued_modes,
                "root": evaluation.root,
                "early": early,
                "reason": evaluation.closed_early,
                **contacts,
            },
        )
        note(evaluation, actor=actor, now=now, action="evaluation.close", answers=len(digests))
        destroy_issuer(evaluation, now=now)
        fault = _fault(evaluation, box, issued)
        if fault:
            _void(evaluation, actor=actor, now=now, reason=fault)
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


def _fault(evaluation: Evaluation, box: Counted, issued: int) -> Localized:
    """What in the box no member can have sent, in words; empty where all is in order.

    Fewer answers than credentials are in order: some asked for one and sent nothing. Of an evaluation opened before
    there were credentials whoever was struck off the roll has answered, so there the two agree.
    """
    number = len(box.digests)
    if box.without:
        return localized(
            f"{number} 份密封答卷中有 {box.without} 份没有有效凭证：不是名册上的人交的，不予开启。",
            f"{box.without} of {number} sealed answers hold no valid credential: nobody on the roll sent them. "
            "Nothing is opened.",
        )
    bare = not IssuerKey.objects.filter(evaluation=evaluation).exists()
    if number > issued or (bare and number != issued):
        return localized(
            f"收到 {number} 份密封答卷，而发出的凭证有 {issued} 份：两数不符，不予开启。",
            f"{number} sealed answers came in, {issued} credentials were given out: these do not fit. "
            "Nothing is opened.",
        )
    if not box.agree:
        return localized(
            f"{number} 份密封答卷与已发出的 {box.receipts} 份回执不符：有答卷被撤换或删去，不予开启。",
            f"The {number} sealed answers are not those that {box.receipts} receipts were given for: "
            "some were removed or exchanged. Nothing is opened.",
        )
    return {}


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
        shut_box(evaluation)
        shuffle_roll(evaluation, codes=False)
        destroy_issuer(evaluation, now=now)
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
