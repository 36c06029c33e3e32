"""Working on a request: taken on, in hand, more time, a word to the asker, the answer."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.deadlines import Span, SpanUnit, extended
from qiao.base.problems import Problem
from qiao.hear.window.choices import ENDED, WORKED, State, Words
from qiao.hear.window.models import Extension, Message, Request, WorkOrder
from qiao.hear.window.rules.seeing import HANDLE, TAKE, is_handler, may, require_handler, require_may
from qiao.hear.window.rules.settings import EXTENSIONS
from qiao.hear.window.services.steps import clean_ground, locked, promise, require_fresh, said_before, say, step
from qiao.org.settings.queries import calendar_of, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


def accept_request(*, actor: Actor, now: datetime, code: str) -> Request:
    """Take a request on: the officer it was given to, or, where none was named, one of the body's window.

    Raises Refused for another's, Problem where it is about the actor or their employer. Twice is harmless.
    """
    with atomic():
        request = locked(code)
        if request.handler_id is None:
            require_may(actor, TAKE, request)
            require_may(actor, HANDLE, request)
            require_fresh(actor, request)
            request.handler_id = actor.account_id
        else:
            require_handler(actor, request)
        if request.state == State.ACCEPTED:
            return request
        request.acknowledged = request.acknowledged or now
        if not request.orders.filter(lead=True, ended__isnull=True).exists():
            WorkOrder.objects.create(
                request=request, body=request.body, handler_id=request.handler_id, made=now, made_by_id=actor.account_id
            )
        request.orders.filter(lead=True, ended__isnull=True).update(accepted=now, handler=request.handler_id)
        step(
            request, actor=actor, now=now, after=State.ACCEPTED, action="request.accept", tell="accepted",
            fields=("handler", "acknowledged"),
        )  # fmt: skip
    return request


def start_work(*, actor: Actor, now: datetime, code: str) -> Request:
    """Say that work has begun. Raises Refused for another's request. Twice is harmless."""
    with atomic():
        request = locked(code)
        require_handler(actor, request)
        if request.state in (State.IN_HAND, State.EXTENDED):
            return request
        step(request, actor=actor, now=now, after=State.IN_HAND, action="request.start")
    return request


def extend_request(*, actor: Actor, now: datetime, code: str, days: int, reason: str, nonce: str) -> Extension:
    """Put the promised day off by working days, with the reason the asker reads; so often as the setting lets it.

    Raises Refused for another's request, Problem without a reason, after the promised day, or once too often.
    """
    ground = clean_ground(reason)
    if not 1 <= days <= 90:
        raise Problem("Between 1 and 90 working days can be added.")
    with atomic():
        request = locked(code)
        require_handler(actor, request)
        if said_before(request, nonce):
            return request.extensions.order_by("-serial")[0]
        if request.state not in (State.ACCEPTED, State.IN_HAND, State.EXTENDED):
            raise Problem("Take it on first.")
        if request.due < now:
            raise Problem("The promised day is over: answer now, and say why it is late.")
        serial = request.extensions.count() + 1
        most = value_of(EXTENSIONS, path=request.body.path, on=localdate(now))
        if serial > most:
            raise Problem("An answer may be put off %(most)d times, no more.", most=most)
        before = request.due
        calendar = calendar_of(request.body.path, localdate(now))
        request.due = extended(before, Span(days, SpanUnit.WORKING_DAYS), calendar)
        request.warned = 0
        made = Extension.objects.create(
            request=request, serial=serial, at=now, by_id=actor.account_id, before=before, after=request.due,
            reason=ground, told=now,
        )  # fmt: skip
        say(request, now=now, nonce=nonce, words=Words.MESSAGE, text=ground, account_id=actor.account_id)
        step(
            request, actor=actor, now=now, after=State.EXTENDED, ground=ground, action="request.extend",
            tell="extended", fields=("due", "warned"),
        )  # fmt: skip
        promise(request)
    return made


def answer_request(*, actor: Actor, now: datetime, code: str, text: str, nonce: str) -> Request:
    """The answer: what was done, or why nothing can be. The asker is told, and another person calls back.

    Raises Refused for another's request, Problem without words, or where it is not in hand. Sent twice it is one.
    """
    with atomic():
        request = locked(code)
        require_handler(actor, request)
        if said_before(request, nonce):
            return request
        say(request, now=now, nonce=nonce, words=Words.ANSWER, text=text, account_id=actor.account_id)
        request.first_answer, request.answered = request.first_answer or now, now
        request.orders.filter(ended__isnull=True).update(ended=now)
        step(
            request, actor=actor, now=now, after=State.ANSWERED, action="request.answer", tell="answered",
            fields=("first_answer", "answered"),
        )  # fmt: skip
    return request


def write_to_asker(*, actor: Actor, now: datetime, code: str, text: str, nonce: str) -> Message:
    """Ask the asker something, or tell them how it stands. Raises Refused for neither handler nor window."""
    with atomic():
        request = _mine(actor, code)
        if request.state in ENDED:
            raise Problem("The request is closed: reopen it first.")
        if said_before(request, nonce):
            return say(request, now=now, nonce=nonce, words=Words.MESSAGE, text=text, account_id=actor.account_id)
        made = say(request, now=now, nonce=nonce, words=Words.MESSAGE, text=text, account_id=actor.account_id)
        request.acknowledged, request.updated = request.acknowledged or now, now
        request.save(update_fields=["acknowledged", "updated"])
        audit.record(actor=actor, now=now, action="request.write", code=code, unit_path=request.body.path)
        jobs.defer("window.tell", request_id=request.pk, what="message", serial=0)
    return made


def note_request(*, actor: Actor, now: datetime, code: str, text: str, nonce: str) -> Message:
    """A note of the office, for those who work on it. Raises Refused for neither handler nor window."""
    with atomic():
        request = _mine(actor, code)
        made = say(request, now=now, nonce=nonce, words=Words.NOTE, text=text, account_id=actor.account_id)
        audit.record(actor=actor, now=now, action="request.note", code=code, unit_path=request.body.path)
    return made


def ask_help(*, actor: Actor, now: datetime, code: str, body: Unit, task: str) -> WorkOrder:
    """Ask another body to help; the lead body stays the one that answers. Raises Problem for itself or a closed one."""
    words = clean_ground(task)
    with atomic():
        request = _mine(actor, code)
        if request.state not in WORKED:
            raise Problem("Take it on first.")
        found = request.orders.filter(body=body, ended__isnull=True).first()
        if found is not None and not found.lead:
            return found
        if found is not None or not takes_in(body) or (request.kept_from and body.path.startswith(request.kept_from)):
            raise Problem("Choose another body to help.")
        made = WorkOrder.objects.create(
            request=request, body=body, lead=False, made=now, made_by_id=actor.account_id, task=words[:300]
        )
        audit.record(
            actor=actor, now=now, action="request.ask_help", code=code, unit_path=request.body.path,
            detail={"body": body.pk},
        )  # fmt: skip
    return made


def _mine(actor: Actor, code: str) -> Request:
    request = locked(code)
    if not (is_handler(actor, request) or may(actor, TAKE, request)):
        require_handler(actor, request)
    return request
