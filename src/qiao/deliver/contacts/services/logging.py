"""Logging a visit, and what the place says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.deliver.contacts.choices import AHEAD, LOGGED, DutyState, Topic
from qiao.deliver.contacts.models import Duty, Issue
from qiao.deliver.contacts.rules import require_no_person
from qiao.deliver.contacts.services.planning import locked, out_of_step, refuse_own, require_own

MOST_ISSUES = 20


def log_duty(
    *, actor: Actor, now: datetime, code: str, notes: str, issues: Sequence[tuple[Topic, str]] = (), late: bool = False
) -> Duty:
    """Log one's own visit: what one did and looked at, and every issue raised, each with a receipt for who raised it.

    No issue means that none was raised; the place is asked whether that is so. ``late`` is for the officer to own up
    to an overdue log: it is taken in and stays marked in the audit log.

    Raises Refused for another's visit, Problem before its end, for a text that names a worker, or once it is logged.
    """
    texts = {"notes": notes, **{f"issue{number}": text for number, (_topic, text) in enumerate(issues)}}
    require_no_person(texts)
    if not notes.strip():
        raise Problem("Say in a line or two what you did there.")
    if len(issues) > MOST_ISSUES:
        raise Problem("At most %(most)d issues stand in one log.", most=MOST_ISSUES)
    if any(not text.strip() for _topic, text in issues):
        raise Problem("An issue needs its words.")
    with atomic():
        duty = locked(code)
        require_own(actor, duty)
        if duty.state in LOGGED and duty.notes == notes:
            return duty
        if duty.state not in AHEAD:
            raise out_of_step(duty)
        if duty.ends > now:
            raise Problem("A visit is logged when it is over.")
        late = late or duty.state == DutyState.OVERDUE
        duty.state, duty.notes, duty.logged, duty.none_raised = DutyState.DONE, notes, now, not issues
        duty.save(update_fields=["state", "notes", "logged", "none_raised"])
        for serial, (topic, text) in enumerate(issues, 1):
            issue = Issue(duty=duty, serial=serial, topic=topic, text=text)
            issue.receipt = give_receipt(
                kind="contact_issue", code=duty.code, reference=str(serial), content=text, now=now
            ).number
            issue.save()
        audit.record(
            actor=actor,
            now=now,
            action="contact.log",
            code=code,
            unit_path=duty.place.path,
            detail={"issues": len(issues), "late": late},
        )
    return duty


def attest_presence(*, actor: Actor, now: datetime, code: str, present: bool) -> Duty:
    """The place says whether the officer was there (and, where the log says so, that nothing was raised).

    Without a yes the days do not count. A visit on which nothing was raised is closed by a yes.
    Raises Refused without ``contact.confirm`` at the place, Problem for one's own visit, or one not logged yet.
    """
    with atomic():
        duty = locked(code)
        require(actor, "contact.confirm", duty.place.path)
        refuse_own(actor, duty)
        if duty.state not in LOGGED:
            raise out_of_step(duty)
        if duty.present is not None:
            if duty.present == present:
                return duty
            raise Problem("The place has said so already.")
        duty.present, duty.attested, duty.attested_by_id = present, now, actor.account_id
        if duty.none_raised:
            duty.state = DutyState.CLOSED
        duty.save(update_fields=["present", "attested", "attested_by", "state"])
        audit.record(
            actor=actor,
            now=now,
            action="contact.attest",
            code=code,
            unit_path=duty.place.path,
            detail={"present": present},
        )
    return duty
