"""After the answer: called back by another person, rated, closed; reopened once, then before appeal."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import ANONYMOUS, Actor, Refused, require_other
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.problems import Problem
from qiao.hear.window.choices import Outcome, State, TimeClass, Words
from qiao.hear.window.models import CallBack, FollowUp, Rating, Request
from qiao.hear.window.queries.reading import all_handlers
from qiao.hear.window.rules.clocks import clock_of
from qiao.hear.window.rules.seeing import CHECK, require_may
from qiao.hear.window.rules.settings import BAD_GRADE, BAD_RATING, CALL_TRIES, REOPEN, SAMPLE
from qiao.hear.window.rules.states import REOPENABLE
from qiao.hear.window.services.follow import plan_follow_up
from qiao.hear.window.services.steps import clean_ground, locked, promise, said_before, say, step
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.settings.queries import calendar_of, span_of, value_of

APPEAL = "request"
#: How far back the draw for the second call-back looks: a missed run loses nothing.
DRAWN_WITHIN = timedelta(days=8)


def call_back(
    *, actor: Actor, now: datetime, code: str, outcome: Outcome, note: str = "", nonce: str, retold: bool | None = None
) -> Request:
    """Write down what the asker says, or that nobody was reached. Never by whoever answered.

    Reached, or called in vain so often as the setting says, the request counts as called back. A closed one drawn for
    the sample is called once more, by another unit. Raises Refused without ``request.check`` at the body, Problem for
    the handler, or where nothing was answered.
    """
    with atomic():
        request = locked(code)
        require_may(actor, CHECK, request)
        require_other(actor, *all_handlers(request))
        if _noted(request, nonce):
            return request
        sample = request.state == State.CLOSED
        if sample and not any(CHECK in one.actions and one.unit_id != request.body_id for one in actor.grants):
            raise Problem("A second call-back is made by another unit than the one that answered.")
        if request.state not in (State.ANSWERED, State.CLOSED):
            raise Problem(
                "The request is “%(state)s”: somebody may have acted on it meanwhile. Look at it again.",
                state=str(request.get_state_display()),
            )
        _note(request, actor, now, outcome, note, nonce, sample=sample)
        if sample:
            audit.record(
                actor=actor, now=now, action="request.sample", code=code, unit_path=request.body.path,
                detail={"outcome": str(outcome)},
            )  # fmt: skip
            return request
        tries = value_of(CALL_TRIES, path=request.body.path, on=localdate(now))
        if outcome == Outcome.NOT_REACHED and request.call_backs.filter(outcome=outcome).count() < tries:
            request.updated = now
            request.save(update_fields=["updated"])
            audit.record(actor=actor, now=now, action="request.call", code=code, unit_path=request.body.path)
            return request
        request.outcome, request.retold = outcome, retold
        step(
            request, actor=actor, now=now, after=State.CALLED_BACK, action="request.call_back",
            fields=("outcome", "retold"),
        )  # fmt: skip
    return request


def tell_outcome(*, now: datetime, code: str, outcome: Outcome, nonce: str, retold: bool | None = None) -> Request:
    """The asker's own word on the receipt's page counts as the call-back. The caller has made sure of the asker.

    Raises Problem where nothing was answered yet.
    """
    if outcome == Outcome.NOT_REACHED:
        raise Problem("The form is not complete: open the page again.")
    with atomic():
        request = locked(code)
        if _noted(request, nonce):
            return request
        if request.state == State.ANSWERED_AT_ONCE:
            _note(request, ANONYMOUS, now, outcome, "", nonce, sample=False)
            request.outcome, request.retold, request.updated = outcome, retold, now
            request.save(update_fields=["outcome", "retold", "updated"])
            audit.record(actor=ANONYMOUS, now=now, action="request.call_back", code=code, unit_path=request.body.path)
            return request
        if request.state != State.ANSWERED:
            raise Problem("Nothing waits for your word here. Look at the page again.")
        _note(request, ANONYMOUS, now, outcome, "", nonce, sample=False)
        request.outcome, request.retold = outcome, retold
        step(
            request, actor=ANONYMOUS, now=now, after=State.CALLED_BACK, action="request.call_back",
            fields=("outcome", "retold"),
        )  # fmt: skip
    return request


def rate_request(*, now: datetime, code: str, grade: int, note: str = "", retold: bool | None = None) -> Rating:
    """The asker grades the service, once after each answer; nobody asks them to. The caller has made sure of the asker.

    A bad grade gets its own clock: called back in every case and mended within the setting's days. Raises Problem
    before an answer, or for a grade that is none.
    """
    if not 1 <= grade <= 5:
        raise Problem("The form is not complete: open the page again.")
    with atomic():
        request = locked(code)
        if request.answered is None:
            raise Problem("It is not answered yet.")
        found = request.ratings.filter(turn=request.reopened).first()
        if found is not None:
            return found
        day = localdate(now)
        bad = grade <= value_of(BAD_GRADE, path=request.body.path, on=day)
        span = span_of(BAD_RATING, path=request.body.path, on=day)
        made = Rating.objects.create(
            request=request, turn=request.reopened, day=day, grade=grade, retold=retold,
            note=note.replace("\x00", "").strip()[:1000] or None,
            mend_due=due(now, span, calendar_of(request.body.path, day)) if bad else None,
        )  # fmt: skip
        if retold is not None:
            request.retold = retold
            request.save(update_fields=["retold"])
        if request.state == State.CALLED_BACK:
            step(request, actor=ANONYMOUS, now=now, after=State.RATED, action="request.rate")
        else:
            audit.record(actor=ANONYMOUS, now=now, action="request.rate", code=code, unit_path=request.body.path)
    return made


def mend_rating(*, actor: Actor, now: datetime, code: str, note: str, nonce: str) -> Request:
    """Say how a bad rating was mended, after the asker was called; by another person than the handler.

    Raises Refused without ``request.check``, Problem where no bad rating waits.
    """
    ground = clean_ground(note)
    with atomic():
        request = locked(code)
        require_may(actor, CHECK, request)
        require_other(actor, *all_handlers(request))
        if said_before(request, nonce):
            return request
        waiting = request.ratings.filter(mend_due__isnull=False, mended__isnull=True)
        if not waiting.exists():
            raise Problem("No bad rating waits here.")
        waiting.update(mended=now, mended_by=actor.account_id)
        say(request, now=now, nonce=nonce, words=Words.MESSAGE, text=ground, account_id=actor.account_id)
        audit.record(actor=actor, now=now, action="request.mend", code=code, unit_path=request.body.path)
        jobs.defer("window.tell", request_id=request.pk, what="message", serial=0)
    return request


def close_request(*, actor: Actor, now: datetime, code: str, quality: bool) -> Request:
    """Close after call-back and quality check, by another person than the handler. Twice is harmless.

    Raises Refused without ``request.check``, Problem before the call-back, without the check, or with a bad rating
    that is not mended.
    """
    with atomic():
        request = locked(code)
        require_may(actor, CHECK, request)
        require_other(actor, *all_handlers(request))
        if request.state == State.CLOSED:
            return request
        if request.state not in (State.CALLED_BACK, State.RATED):
            raise Problem("It is closed after the call-back only.")
        if not quality:
            raise Problem("Read the answer first: does it say what was done, or why nothing can be?")
        if request.ratings.filter(mend_due__isnull=False, mended__isnull=True).exists():
            raise Problem("The asker's bad rating has to be mended first.")
        request.closed, request.quality_checked_id = now, actor.account_id
        step(
            request, actor=actor, now=now, after=State.CLOSED, action="request.close", tell="closed",
            fields=("closed", "quality_checked"),
        )  # fmt: skip
        plan_follow_up(request, now)
    return request


def reopen_request(*, now: datetime, code: str, reason: str, nonce: str, actor: Actor = ANONYMOUS) -> Request:
    """The asker says that it is not solved: once free of charge, to another officer. The caller has made sure of them.

    Raises Problem without words, too late, or the second time: then an appeal is filed instead.
    """
    with atomic():
        request = locked(code)
        if said_before(request, nonce):
            return request
        if request.state not in REOPENABLE:
            raise Problem("It is open: write what is missing instead.")
        if request.reopened:
            raise Problem("It was reopened once already. Another person now decides: file an appeal.")
        _require_in_time(request, now)
        say(request, now=now, nonce=nonce, words=Words.MESSAGE, text=reason, account_id=None, by_asker=True)
        _again(request, now)
        step(
            request, actor=actor, now=now, after=State.REOPENED, action="request.reopen", tell="reopened",
            fields=_AGAIN,
        )  # fmt: skip
        promise(request)
    return request


def escalate_request(*, now: datetime, code: str, ground: str, actor: Actor = ANONYMOUS) -> Appeal:
    """After one reopening: an appeal (S5) before another person. The caller has made sure of the asker.

    Raises Problem without a ground, or before the free reopening. Filing twice returns the one that runs.
    """
    with atomic():
        request = locked(code)
        if request.state not in (*REOPENABLE, State.ESCALATED):
            raise Problem("It is open: write what is missing instead.")
        if not request.reopened:
            raise Problem("Say first that it is not solved: it is then looked at again, without an appeal.")
        appeal = file_appeal(
            now=now, kind=APPEAL, code=code, unit_path=request.body.path, first_decider_unit_path=request.body.path,
            first_decider_account_id=request.handler_id, ground=ground, person_id=request.person_id,
            actor=ANONYMOUS if request.person_id is None else actor, refused=request.answered,
        )  # fmt: skip
        if request.state != State.ESCALATED:
            step(request, actor=actor, now=now, after=State.ESCALATED, action="request.escalate")
    return appeal


def refusal_set_aside(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """An appeal was upheld: the request is worked on again, by somebody else."""
    request = locked(appeal.subject)
    if request.state != State.ESCALATED:
        return
    _again(request, now, keep_count=True)
    step(request, actor=actor, now=now, after=State.REOPENED, action="request.reopen", tell="reopened", fields=_AGAIN)
    promise(request)


def is_sampled(request: Request, share: float) -> bool:
    """Whether a closed request is drawn for a second call-back: by its own hash, so that nobody chooses."""
    value = int.from_bytes(hashlib.sha256(f"sample {request.filing_hash}".encode()).digest()[:4], "big")
    return value < share * 2**32


def draw_sample(*, actor: Actor, now: datetime) -> int:
    """Draw, of what was closed these days, the share that the body above calls once more; how many are new.

    Run twice it draws nothing twice. Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the draw is the system's")
    drawn = 0
    with atomic():
        rows = Request.objects.select_for_update(of=("self",), skip_locked=True).select_related("body")
        rows = rows.filter(state=State.CLOSED, closed__gt=now - DRAWN_WITHIN, sampled__isnull=True)
        rows = rows.filter(body__parent__isnull=False).exclude(outcome="").order_by("pk")
        shares: dict[str, float] = {}
        for request in rows.iterator(chunk_size=500):
            path = request.body.path
            if path not in shares:
                shares[path] = float(value_of(SAMPLE, path=path, on=localdate(now)))
            if not is_sampled(request, shares[path]):
                continue
            request.sampled = now
            request.save(update_fields=["sampled"])
            audit.record(actor=actor, now=now, action="request.draw", code=request.code, unit_path=path)
            drawn += 1
    return drawn


_AGAIN = (
    "reopened", "handler", "clock_from", "due", "due_rule", "ack_due", "acknowledged", "answered", "outcome", "warned",
    "closed", "quality_checked", "time_class", "sampled",
)  # fmt: skip


def _again(request: Request, now: datetime, *, keep_count: bool = False) -> None:
    """A new clock and nobody's handler yet; what was said stays."""
    clock = clock_of(path=request.body.path, start=now, time_class=TimeClass.GENERAL, urgent=request.urgent)
    request.reopened = request.reopened if keep_count else request.reopened + 1
    request.handler, request.quality_checked, request.closed, request.sampled = None, None, None, None
    request.clock_from, request.due, request.due_rule = now, clock.due, clock.rule
    request.ack_due, request.acknowledged, request.answered = clock.ack_due, None, None
    request.outcome, request.warned, request.time_class = "", 0, TimeClass.GENERAL
    FollowUp.objects.filter(request=request).delete()


def _require_in_time(request: Request, now: datetime) -> None:
    days = value_of(REOPEN, path=request.body.path, on=localdate(now))
    since = request.closed or request.answered
    if since is not None and now > since + timedelta(days=days + 1):
        raise Problem("The time to reopen it ended. File a new request and name this one.")


def _noted(request: Request, nonce: str) -> bool:
    return said_before(request, nonce)


def _note(
    request: Request, actor: Actor, now: datetime, outcome: Outcome, note: str, nonce: str, *, sample: bool
) -> None:
    serial = request.call_backs.count() + 1
    # The word is written as a note too, so that the form sent twice is one call.
    say(request, now=now, nonce=nonce, words=Words.NOTE, text=str(outcome), account_id=actor.account_id)
    unit_id = next((grant.unit_id for grant in actor.grants if CHECK in grant.actions), None)
    CallBack.objects.create(
        request=request, serial=serial, at=now, by_id=actor.account_id, handler_id=request.handler_id,
        unit_id=unit_id, outcome=outcome, sample=sample, note=note.replace("\x00", "").strip()[:1000] or None,
    )  # fmt: skip


__all__ = [
    "APPEAL", "call_back", "close_request", "draw_sample", "escalate_request", "is_sampled", "mend_rating",
    "rate_request", "refusal_set_aside", "reopen_request", "tell_outcome",
]  # fmt: skip
