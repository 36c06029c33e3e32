"""At the desk: what a request is, who answers it, what is answered at once, what belongs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.window.choices import AT_DESK, WORKED, State, TimeClass, Topic, Why, Words
from qiao.hear.window.models import Request, RequestLink, WorkOrder
from qiao.hear.window.queries.reading import handlers_at
from qiao.hear.window.queries.routing import upper_of
from qiao.hear.window.rules.clocks import clock_of
from qiao.hear.window.rules.seeing import SETTLE, TAKE, is_kept_from, require_handler, require_may
from qiao.hear.window.services.follow import plan_follow_up
from qiao.hear.window.services.steps import clean_ground, locked, promise, require_fresh, said_before, say, step
from qiao.org.access.queries.actors import actor_for
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import Employer


def sort_request(
    *, actor: Actor, now: datetime, code: str, topic: str, time_class: str, urgent: bool,
    employer: Employer | None = None, about_account: Account | None = None,
) -> Request:  # fmt: skip
    """Say what a request is about, how much time it may take, and which officer a complaint names.

    The promised day follows class and urgency, from the day the clock began and by the rule of that day. Doing it
    twice changes nothing. Raises Refused without ``request.take`` at the body, Problem once it is being worked on.
    """
    if topic not in Topic.values or time_class not in TimeClass.values:
        raise Problem("The form is not complete: open the page again.")
    with atomic():
        request = locked(code)
        require_may(actor, TAKE, request)
        if request.state not in (*AT_DESK, State.ASSIGNED):
            raise Problem("It is being worked on already: its handler may ask for more time instead.")
        if about_account is not None and request.handler is not None and _one(request.handler, about_account, now):
            raise Problem("This officer handles the request: give it to somebody else first.")
        request.topic, request.urgent = topic, urgent
        request.about_account = about_account
        if employer is not None:
            request.employer, request.employer_written = employer, ""
        fresh = request.time_class != time_class or request.acknowledged is None
        request.time_class = time_class
        clock = clock_of(path=request.body.path, start=request.clock_from, time_class=time_class, urgent=urgent)
        request.due, request.due_rule = clock.due, clock.rule
        request.acknowledged = request.acknowledged or now
        request.updated = now
        request.save()
        promise(request)
        audit.record(
            actor=actor, now=now, action="request.sort", code=code, unit_path=request.body.path,
            detail={"topic": topic, "time_class": time_class, "urgent": urgent},
        )  # fmt: skip
        if fresh:
            jobs.defer("window.tell", request_id=request.pk, what="read", serial=0)
    return request


def answer_at_once(
    *, actor: Actor, now: datetime, code: str, text: str, nonce: str, first_visit: bool = True
) -> Request:
    """Answer at the desk, without a work order. Raises Refused without ``request.take`` at the body, Problem later."""
    with atomic():
        request = locked(code)
        require_may(actor, TAKE, request)
        if said_before(request, nonce):
            return request
        require_fresh(actor, request)
        say(request, now=now, nonce=nonce, words=Words.ANSWER, text=text, account_id=actor.account_id)
        request.first_answer = request.first_answer or now
        request.answered, request.first_visit = now, first_visit
        request.acknowledged = request.acknowledged or now
        request.handler_id = actor.account_id
        step(
            request, actor=actor, now=now, after=State.ANSWERED_AT_ONCE, action="request.answer", tell="answered",
            fields=("first_answer", "answered", "first_visit", "acknowledged", "handler"),
        )  # fmt: skip
        plan_follow_up(request, now)
    return request


def assign(
    *, actor: Actor, now: datetime, code: str, body: Unit, handler: Account | None = None, task: str = ""
) -> Request:
    """Make a work order: a lead body, and one of its officers where known; the body's own desk chooses otherwise.

    Raises Refused without ``request.take`` at the body that holds it, Problem for a body the asker wants left out, a
    handler of another body, tied to the employer, or whom the complaint is about.
    """
    with atomic():
        request = locked(code)
        require_may(actor, TAKE, request)
        after = State.ASSIGNED if handler is not None else State.WORK_ORDER
        if request.state == after and request.body_id == body.pk and request.handler == handler:
            return request
        if request.state == State.WORK_ORDER and handler is None:
            raise Problem("Choose who works on it.")
        if request.state == State.RETURNED and body.pk != request.body_id:
            raise Problem("The body below gave it back: say first where it belongs.")
        _require_fit(request, body, handler, now)
        moved = request.body_id != body.pk
        request.body, request.handler = body, handler
        if moved:
            request.why = Why.SENT
        request.acknowledged = request.acknowledged or now
        _new_order(request, actor, now, task)
        step(
            request, actor=actor, now=now, after=after, ground=task, action="request.assign",
            tell="assigned" if moved or handler is None else "", fields=("body", "handler", "why", "acknowledged"),
        )  # fmt: skip
        if handler is not None:
            jobs.defer("window.tell_handler", request_id=request.pk, what="assigned")
    return request


def settle_receiver(*, actor: Actor, now: datetime, code: str, body: Unit, reason: str) -> Request:
    """The upper body says where a returned request belongs: there it stays (one hop).

    Raises Refused without ``request.settle`` at the body that decides, Problem unless it was returned.
    """
    ground = clean_ground(reason)
    with atomic():
        request = locked(code)
        require_may(actor, SETTLE, request)
        if request.state == State.WORK_ORDER and request.hops and request.body_id == body.pk:
            return request
        if request.state != State.RETURNED:
            raise Problem("Only what a body gave back is decided here.")
        _require_fit(request, body, None, now)
        request.body, request.handler, request.why = body, None, Why.SENT
        _new_order(request, actor, now, "")
        step(
            request, actor=actor, now=now, after=State.WORK_ORDER, ground=ground, action="request.settle",
            tell="assigned", fields=("body", "handler", "why"),
        )  # fmt: skip
    return request


def return_request(*, actor: Actor, now: datetime, code: str, reason: str) -> Request:
    """Give a request back as not one's own: once only, to the body above, which then decides.

    For the desk of the body (``request.take``) or the officer it was given to. Raises Problem where it was given back
    before: then the body keeps it.
    """
    ground = clean_ground(reason)
    with atomic():
        request = locked(code)
        if actor.did(request.handler_id):
            require_handler(actor, request)
        else:
            require_may(actor, TAKE, request)
        if request.state == State.RETURNED:
            return request
        if request.hops:
            raise Problem(
                "It was given back once already, and the body above decided: it stays here.",
                hint="Ask another body to help, or answer with where and why.",
            )
        upper = upper_of(request.body, employer=request.employer, on=localdate(now))
        if upper.pk == request.body_id:
            raise Problem("No body stands above: hand it to another office, with where and why.")
        request.orders.filter(lead=True, ended__isnull=True).update(ended=now, returned=ground)
        request.hops, request.handler, request.why = 1, None, Why.UPPER
        request.body = upper
        step(
            request, actor=actor, now=now, after=State.RETURNED, ground=ground, action="request.return",
            tell="returned", fields=("hops", "handler", "why", "body"),
        )  # fmt: skip
    return request


def hand_over(*, actor: Actor, now: datetime, code: str, where: str, why: str, nonce: str) -> Request:
    """A warm hand-over: not a matter of the union; the asker reads where it belongs, why, and what to bring.

    Nothing of the asker goes out: they go there themselves, or consent first. Raises Refused without ``request.take``
    or being the handler, Problem without both where and why.
    """
    text = f"{clean_ground(where)}\n{clean_ground(why)}"
    with atomic():
        request = locked(code)
        if request.state in WORKED and actor.did(request.handler_id):
            require_handler(actor, request)
        else:
            require_may(actor, TAKE, request)
        if said_before(request, nonce):
            return request
        require_fresh(actor, request)
        say(request, now=now, nonce=nonce, words=Words.ANSWER, text=text, account_id=actor.account_id)
        request.first_answer, request.answered = request.first_answer or now, now
        request.handler_id = request.handler_id or actor.account_id
        request.orders.filter(ended__isnull=True).update(ended=now)
        step(
            request, actor=actor, now=now, after=State.HANDED_OVER, ground=text, action="request.hand_over",
            tell="handed_over", fields=("first_answer", "answered", "handler"),
        )  # fmt: skip
        plan_follow_up(request, now)
    return request


def join_duplicate(*, actor: Actor, now: datetime, code: str, other: str) -> Request:
    """Join a request to an earlier one about the same matter; both askers are told, neither learns of whom.

    Raises Refused without ``request.take`` at both, Problem for itself, or one that is joined already.
    """
    with atomic():
        first, second = sorted({code, other})[0], sorted({code, other})[-1]
        rows = {found.code: found for found in (locked(first), locked(second))}
        request, kept = rows[code], rows[other]
        require_may(actor, TAKE, request)
        require_may(actor, TAKE, kept)
        if request.state == State.LINKED:
            return request
        if request.pk == kept.pk or kept.state == State.LINKED:
            raise Problem("Name the earlier request it belongs to.")
        RequestLink.objects.create(request=request, other=kept, at=now)
        request.closed = now
        request.orders.filter(ended__isnull=True).update(ended=now)
        step(
            request, actor=actor, now=now, after=State.LINKED, action="request.join", tell="linked", fields=("closed",)
        )
        jobs.defer("window.tell", request_id=kept.pk, what="joined", serial=0)
    return request


def bulk_assign(*, actor: Actor, now: datetime, codes: list[str], handler: Account) -> Mapping[str, str | None]:
    """Give several requests to one officer, each as by itself: code to None, or to why it was not done."""
    done: dict[str, str | None] = {}
    for code in codes:
        try:
            request = Request.objects.select_related("body").get(code=code)
            assign(actor=actor, now=now, code=code, body=request.body, handler=handler)
            done[code] = None
        except (Request.DoesNotExist, Refused):
            # One not open to the actor reads like one that is not there, and does not stop the others.
            done[code] = "-"
        except Problem as problem:
            done[code] = str(problem)
    return done


def _one(left: Account, right: Account, now: datetime) -> bool:
    """Whether two accounts are one human's."""
    return actor_for(left, localdate(now)).did(right.pk)


def _require_fit(request: Request, body: Unit, handler: Account | None, now: datetime) -> None:
    if not takes_in(body):
        raise Problem("%(unit)s is closed.", unit=body.label)
    if request.kept_from and body.path.startswith(request.kept_from):
        raise Problem("The asker wants it kept from this union: choose the body above.")
    if handler is None:
        return
    if not handlers_at(body).filter(pk=handler.pk).exists():
        raise Problem("%(officer)s does not handle requests at this body.", officer=handler.display_name)
    # Tied also by a place of the employer, not only where the request names it.
    acting = actor_for(handler, localdate(now))
    if acting.did(request.about_account_id):
        raise Problem("The complaint is about this officer: choose somebody else.")
    require_fresh(acting, request)
    place = request.place.path if request.place is not None else "-"
    if any(tie.touches(place, request.employer_id) for tie in acting.ties):
        raise Problem("This officer declared a tie to the employer: choose somebody else.")
    if is_kept_from(acting, request):
        raise Problem("The asker wants it kept from this union: choose the body above.")


def _new_order(request: Request, actor: Actor, now: datetime, task: str) -> None:
    open_orders = request.orders.filter(lead=True, ended__isnull=True)
    if open_orders.filter(body=request.body).exists():
        open_orders.update(handler=request.handler)
        return
    open_orders.update(ended=now)
    request.orders.filter(lead=False, body=request.body, ended__isnull=True).update(ended=now)
    WorkOrder.objects.create(
        request=request, body=request.body, lead=True, handler=request.handler, made=now,
        made_by_id=actor.account_id, task=" ".join(task.split())[:300],
    )  # fmt: skip
