"""Taking up and deciding an appeal."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit, jobs
from qiao.base.access import Actor, Refused, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.appeals.choices import OPEN, AppealState, Try
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.rules import acting_path, kind_of, may_decide
from qiao.org.appeals.services.file import second_until

_MOST_SIGNS = 5000


def take_up_appeal(*, actor: Actor, now: datetime, code: str) -> Appeal:
    """Begin to review; who took it up stands on the appellant's page. Raises as `decide_appeal`."""
    with atomic():
        appeal = _locked(actor, code)
        if appeal.state == AppealState.FILED:
            appeal.state = AppealState.UNDER_REVIEW
            appeal.taken_up, appeal.reviewer_id, appeal.reviewer = now, actor.account_id, actor.name
            appeal.save(update_fields=["state", "taken_up", "reviewer_id", "reviewer"])
            audit.record(actor=actor, now=now, action="appeal.take_up", code=code, unit_path=appeal.body_path)
            jobs.defer("appeals.tell", appeal_id=appeal.pk)
    return appeal


def decide_appeal(*, actor: Actor, now: datetime, code: str, upheld: bool, reason: str) -> Appeal:
    """Decide an appeal with a written reason. Upheld, the refusal is set aside in the same transaction.

    Raises Refused for the system, for whoever decided before, for the appellant, and, at the second try, for whoever
    acts for a unit that decided before; Problem without a reason or for one that is decided otherwise already.
    """
    reason = reason.strip()
    if not reason:
        raise Problem("Write the reason: a decision without one does not stand.")
    if len(reason) > _MOST_SIGNS:
        raise Problem("At most %(most)d signs are taken.", most=_MOST_SIGNS)
    wanted = AppealState.UPHELD if upheld else AppealState.DISMISSED
    with atomic():
        before = Appeal.objects.select_for_update().get(code=code)
        if before.state == wanted and actor.did(before.decided_by_id):
            return before
        appeal = _locked(actor, code)
        appeal.decided_path = acting_path(actor, appeal) or ""
        appeal.state, appeal.reason = wanted, reason
        appeal.decided, appeal.decided_by_id, appeal.decided_by = now, actor.account_id, actor.name
        if not upheld and appeal.attempt == Try.FIRST:
            appeal.again_until = second_until(appeal, now)
        appeal.save()
        if upheld:
            kind_of(appeal.kind).on_upheld(appeal, actor, now)
        audit.record(
            actor=actor, now=now, action="appeal.decide", code=code, unit_path=appeal.body_path,
            detail={"state": str(wanted), "attempt": appeal.attempt},
        )  # fmt: skip
        # Kind, try and outcome: enough to see later that a decision was not exchanged, nothing about the person.
        log.append(
            kind="appeal.decided", code=code, now=now,
            content={"kind": appeal.kind, "attempt": appeal.attempt, "outcome": str(wanted)},
        )  # fmt: skip
        jobs.defer("appeals.tell", appeal_id=appeal.pk)
    return appeal


def _locked(actor: Actor, code: str) -> Appeal:
    appeal = Appeal.objects.select_for_update().get(code=code)
    if appeal.state not in OPEN:
        raise Problem("This appeal is decided.", hint="Open its page again.")
    require_untied(actor, appeal.unit_path)
    require_other(
        actor,
        appeal.account_id,
        *appeal.barred_ids,
        person=True,
        said=Problem("An appeal is decided by a person who did not decide before."),
    )
    if not may_decide(actor, appeal):
        raise Refused("an appeal is decided by a person who did not decide before, at second try in another unit")
    return appeal
