"""What was raised with an officer: handed over, answered back, judged by those who raised it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.deliver.contacts.choices import DutyState, IssueOutcome
from qiao.deliver.contacts.models import Duty, Issue
from qiao.deliver.contacts.rules import require_no_person
from qiao.deliver.contacts.rules.settings import ANSWER_WITHIN
from qiao.deliver.contacts.services.planning import locked, out_of_step, require_own
from qiao.org.settings.queries import calendar_of, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def hand_over(*, actor: Actor, now: datetime, code: str, holders: Mapping[int, Unit]) -> Duty:
    """Hand every issue of one's own visit to a unit that has to answer; from now on that unit's clock runs.

    ``holders``: serial of the issue → unit. Raises Refused for another's visit, Problem unless each issue has
    one: the place visited or a unit above it.
    """
    with atomic():
        duty = locked(code)
        require_own(actor, duty)
        issues = list(duty.issues.select_for_update().order_by("serial"))
        if duty.state == DutyState.HANDED_OVER:
            return duty
        if duty.state != DutyState.DONE or not issues:
            raise out_of_step(duty)
        day = timezone.localdate(now)
        for issue in issues:
            holder = holders.get(issue.serial)
            if holder is None or not takes_in(holder) or not duty.place.path.startswith(holder.path):
                raise Problem(
                    "Issue %(serial)d has no unit that answers it: choose the place itself or a unit above it.",
                    serial=issue.serial,
                )
            span = ANSWER_WITHIN.span(value_of(ANSWER_WITHIN, path=holder.path, on=day))
            issue.holder, issue.handed = holder, now
            issue.due = due(now, span, calendar_of(holder.path, day))
            issue.save(update_fields=["holder", "handed", "due"])
            Receipt.objects.filter(number=issue.receipt).update(promised=timezone.localdate(issue.due))
        duty.state = DutyState.HANDED_OVER
        duty.save(update_fields=["state"])
        audit.record(
            actor=actor, now=now, action="contact.hand_over", code=code, unit_path=duty.place.path,
            detail={"issues": len(issues)},
        )  # fmt: skip
    return duty


def answer_issue(*, actor: Actor, now: datetime, code: str, serial: int, answer: str) -> Issue:
    """Answer an issue; with the last one the visit is answered back. Answering again with the same words: no change.

    Raises Refused without ``contact.answer`` at the unit that holds it, Problem for an empty answer, one that names a
    worker, or an issue answered otherwise already.
    """
    if not answer.strip():
        raise Problem("Say what was done, or why nothing can be.")
    require_no_person({"answer": answer})
    with atomic():
        duty = locked(code)
        issue = duty.issues.select_for_update(of=("self",)).select_related("holder").get(serial=serial)
        if issue.holder is None or duty.state != DutyState.HANDED_OVER:
            if issue.answer == answer:
                return issue
            raise out_of_step(duty)
        require(actor, "contact.answer", issue.holder.path)
        require_untied(actor, duty.place.path)
        if issue.answered is not None:
            if issue.answer == answer:
                return issue
            raise Problem("The issue has been answered already.")
        issue.answer, issue.answered, issue.answered_by_id = answer, now, actor.account_id
        issue.save(update_fields=["answer", "answered", "answered_by"])
        if not duty.issues.filter(answered__isnull=True).exists():
            duty.state = DutyState.ANSWERED_BACK
            duty.save(update_fields=["state"])
        audit.record(
            actor=actor, now=now, action="contact.answer", code=code, unit_path=issue.holder.path,
            detail={"serial": serial},
        )  # fmt: skip
    return issue


def record_outcome(*, actor: Actor, now: datetime, code: str, serial: int, outcome: IssueOutcome) -> Issue:
    """The place records what those who raised an issue say of the answer; with the last one the visit is closed.

    Raises Refused without ``contact.confirm`` at the place, Problem for the officer's own visit, for whoever answered,
    or before the answer.
    """
    with atomic():
        duty = locked(code)
        require(actor, "contact.confirm", duty.place.path)
        require_untied(actor, duty.place.path)
        issue = duty.issues.select_for_update().get(serial=serial)
        if issue.outcome == outcome:
            return issue
        if issue.outcome or issue.answered is None:
            raise out_of_step(duty)
        require_other(
            actor,
            duty.officer_id,
            issue.answered_by_id,
            said=Problem("Neither who visited nor who answered records what the askers say."),
        )
        issue.outcome = outcome
        issue.save(update_fields=["outcome"])
        if duty.state == DutyState.ANSWERED_BACK and not duty.issues.filter(outcome="").exists():
            duty.state = DutyState.CLOSED
            duty.save(update_fields=["state"])
        audit.record(
            actor=actor, now=now, action="contact.outcome", code=code, unit_path=duty.place.path,
            detail={"serial": serial, "outcome": str(outcome)},
        )  # fmt: skip
    return issue
