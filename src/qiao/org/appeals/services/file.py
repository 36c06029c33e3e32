"""Filing an appeal, a second try, and taking one back."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import ANONYMOUS, Actor
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import Span
from qiao.base.deadlines import due as due_at
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.appeals.choices import OPEN, AppealState, Try
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.rules import DECIDE_WITHIN, FILE_WITHIN, SECOND_WITHIN, body_for_second, kind_of
from qiao.org.settings.queries import calendar_of, ruling
from qiao.org.settings.rules import Setting

_MOST_SIGNS = 5000


def file_appeal(
    *,
    now: datetime,
    kind: str,
    code: str,
    unit_path: str,
    first_decider_unit_path: str,
    first_decider_account_id: int | None,
    ground: str,
    person_id: int | None = None,
    actor: Actor = ANONYMOUS,
    refused: datetime | None = None,
) -> Appeal:
    """Appeal against the refusal of ``code``; the same appeal once more returns the one that runs.

    The caller has made sure that the refusal is this person's (by sign-in or by the receipt of what was refused).
    The first try stands before the unit that refused, but before another person. The appeal carries its own receipt
    (``appeal.receipt``), by which it is followed without signing in.

    Raises Problem without a ground, for a kind nobody registered, too late after ``refused``, or where the refusal was
    appealed against already.
    """
    kind_of(kind)
    ground = _ground(ground)
    with atomic():
        before = Appeal.objects.select_for_update().filter(kind=kind, subject=code).order_by("-pk").first()
        if before is not None and before.state in OPEN:
            return before
        if before is not None and before.state in (AppealState.DISMISSED, AppealState.UPHELD) and (
            refused is None or (before.decided is not None and refused <= before.decided)
        ):  # fmt: skip
            raise Problem("This refusal was appealed against and decided: see %(code)s.", code=before.code)
        if refused is not None:
            last = due_at(refused, _span(FILE_WITHIN, unit_path, refused), calendar_of(unit_path, localdate(refused)))
            if now > last:
                raise Problem("The time to appeal ended on %(day)s.", day=localdate(last))
        return _create(
            now=now, actor=actor, kind=kind, subject=code, unit_path=unit_path,
            body_path=first_decider_unit_path, attempt=Try.FIRST, earlier=None, ground=ground,
            barred_ids=[first_decider_account_id] if first_decider_account_id is not None else [],
            barred_paths=[first_decider_unit_path], person_id=person_id, account_id=actor.account_id,
        )  # fmt: skip


def file_second(*, now: datetime, code: str, ground: str, actor: Actor = ANONYMOUS) -> Appeal:
    """The second and last try, before another unit. The caller has made sure that it is the appellant who files it.

    Raises Problem unless the first was dismissed and its time for a second try still runs; filing twice returns the
    one that runs.
    """
    ground = _ground(ground)
    with atomic():
        first = Appeal.objects.select_for_update().get(code=code)
        later = Appeal.objects.filter(earlier=first).first()
        if later is not None:
            return later
        if first.attempt != Try.FIRST or first.state != AppealState.DISMISSED:
            raise Problem("There is one second try, after the first one was dismissed.")
        if first.again_until is not None and now > first.again_until:
            raise Problem("The time for a second try ended on %(day)s.", day=localdate(first.again_until))
        barred = {*first.barred_paths, first.body_path, first.decided_path} - {""}
        return _create(
            now=now, actor=actor, kind=first.kind, subject=first.subject, unit_path=first.unit_path,
            body_path=body_for_second(first.body_path, barred), attempt=Try.SECOND, earlier=first, ground=ground,
            barred_ids=sorted({*first.barred_ids, *([first.decided_by_id] if first.decided_by_id else [])}),
            barred_paths=sorted(barred),
            person_id=first.person_id, account_id=first.account_id,
        )  # fmt: skip


def withdraw_appeal(*, now: datetime, code: str, actor: Actor = ANONYMOUS) -> Appeal:
    """Take an appeal back; the caller has made sure that it is the appellant. Twice changes nothing.

    Raises Problem for one that is decided.
    """
    with atomic():
        appeal = Appeal.objects.select_for_update().get(code=code)
        if appeal.state == AppealState.WITHDRAWN:
            return appeal
        if appeal.state not in OPEN:
            raise Problem("This appeal is decided.")
        appeal.state = AppealState.WITHDRAWN
        appeal.save(update_fields=["state"])
        audit.record(actor=actor, now=now, action="appeal.withdraw", code=appeal.code, unit_path=appeal.unit_path)
    return appeal


def _ground(text: str) -> str:
    text = text.strip()
    if not text:
        raise Problem("Write why the refusal should not stand.")
    if len(text) > _MOST_SIGNS:
        raise Problem("At most %(most)d signs are taken.", most=_MOST_SIGNS)
    return text


def _span(setting: Setting[int], path: str, moment: datetime) -> Span:
    return setting.span(ruling(setting, path=path, on=localdate(moment)).value)


def _create(*, now: datetime, actor: Actor, **fields: object) -> Appeal:
    path = str(fields["body_path"])
    rule = ruling(DECIDE_WITHIN, path=path, on=localdate(now))
    due = due_at(now, DECIDE_WITHIN.span(rule.value), calendar_of(path, localdate(now)))
    code = next_code("A")
    receipt = give_receipt(kind="appeal", code=code, now=now, content=str(fields["ground"]), promised=localdate(due))
    appeal = Appeal.objects.create(
        code=code, receipt=receipt.number, filed=now, due=due, due_rule=rule.origin, **fields
    )
    audit.record(
        actor=actor, now=now, action="appeal.file", code=code, unit_path=appeal.body_path,
        detail={"kind": appeal.kind, "subject": appeal.subject, "attempt": appeal.attempt},
    )  # fmt: skip
    return appeal


def second_until(appeal: Appeal, now: datetime) -> datetime:
    """Until when a second try may follow a dismissal of now."""
    return due_at(now, _span(SECOND_WITHIN, appeal.body_path, now), calendar_of(appeal.body_path, localdate(now)))
