"""What was raised with an officer: handed over, answered back, judged by those who raised it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qiao.base import audit, lineage
from qiao.base.access import Actor, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.models import Receipt
from qiao.base.problems import Problem, Problems
from qiao.deliver.contacts.choices import DutyState, IssueOutcome
from qiao.deliver.contacts.models import Duty, Issue
from qiao.deliver.contacts.rules import require_no_person
from qiao.deliver.contacts.rules.settings import ANSWER_WITHIN
from qiao.deliver.contacts.services.planning import locked, out_of_step, require_own
from qiao.hear.window.services import Given, file_from_visit
from qiao.org.settings.queries import calendar_of, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def hand_over(
    *, actor: Actor, now: datetime, code: str, holders: Mapping[int, Unit], at_window: Collection[int] = ()
) -> Duty:
    """Hand every issue of one's own visit to a unit that has to answer; from now on that unit's clock runs.

    ``holders``: serial of the issue → unit. ``at_window``: issues that become requests at the service window, which
    routes them, answers them as any other and tells the visit of the answer. Raises Refused for another's visit,
    Problem unless each issue has one of both: a unit is the place visited or one above it.
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
            if issue.serial in at_window:
                _to_window(actor, now, duty, issue)
                continue
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


def _to_window(actor: Actor, now: datetime, duty: Duty, issue: Issue) -> None:
    made = file_from_visit(
        actor=actor, now=now, origin=f"{duty.code}/{issue.serial}",
        given=Given(nonce=secrets.token_hex(16), text=issue.text, topic=issue.topic, place=duty.place),
    )  # fmt: skip
    issue.request, issue.holder, issue.handed, issue.due = made.code, made.body, now, made.due
    issue.save(update_fields=["request", "holder", "handed", "due"])
    Receipt.objects.filter(number=issue.receipt).update(promised=timezone.localdate(made.due))
    lineage.link(source=duty.code, target=made.code, now=now)


def answered_at_window(origin: str, answer: str, actor: Actor, now: datetime) -> None:
    """The window answered a request that came out of a visit: its answer is the issue's. Called by the window.

    Answered anew after a reopening, the new words stand, until those who raised it have judged.
    """
    code, _sign, serial = origin.rpartition("/")
    duty = locked(code)
    issue = duty.issues.select_for_update(of=("self",)).get(serial=int(serial))
    if issue.outcome:
        return
    issue.answer, issue.answered, issue.answered_by_id = _without_names(answer), now, actor.account_id
    issue.save(update_fields=["answer", "answered", "answered_by"])
    if duty.state == DutyState.HANDED_OVER and not duty.issues.filter(answered__isnull=True).exists():
        duty.state = DutyState.ANSWERED_BACK
        duty.save(update_fields=["state"])
    audit.record(
        actor=actor, now=now, action="contact.answer", code=code, unit_path=duty.place.path,
        detail={"serial": issue.serial, "request": issue.request},
    )  # fmt: skip


def _without_names(answer: str) -> str:
    try:
        require_no_person({"answer": answer})
    except (Problem, Problems):
        return _("Answered at the service window. The answer names somebody: ask there for its words.")
    return answer


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
        if issue.request:
            raise Problem("It is answered at the service window: request %(code)s.", code=issue.request)
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
