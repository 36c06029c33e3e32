"""The question asked some weeks after the end: is it still solved?"""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import ANONYMOUS, Actor, Refused
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.problems import Problem
from qiao.hear.window.choices import ENDED, State
from qiao.hear.window.models import FollowUp, Request
from qiao.hear.window.rules.settings import FOLLOW_UP
from qiao.hear.window.services.steps import locked, step
from qiao.org.settings.queries import span_of


def plan_follow_up(request: Request, now: datetime) -> None:
    """Set the day of the question from the end of a request; a later end moves it."""
    span = span_of(FOLLOW_UP, path=request.body.path, on=localdate(now))
    FollowUp.objects.update_or_create(
        request=request, defaults={"due": due(now, span), "asked": None, "still_solved": None, "answered": None}
    )


def ask_follow_ups(*, actor: Actor, now: datetime) -> int:
    """Ask those whose day has come, and close what was answered at once or handed over and not reopened since.

    Run twice it asks nobody twice. Returns how many were asked. Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the clock is the system's")
    with atomic():
        rows = list(
            FollowUp.objects.select_for_update(skip_locked=True)
            .filter(asked__isnull=True, due__lt=now)
            .order_by("due", "pk")[:200]
        )
        for row in rows:
            request = locked(Request.objects.values_list("code", flat=True).get(pk=row.request_id))
            row.asked = now
            row.save(update_fields=["asked"])
            if request.state not in ENDED or request.state == State.LINKED:
                continue
            if request.state in (State.ANSWERED_AT_ONCE, State.HANDED_OVER):
                request.closed = now
                step(request, actor=actor, now=now, after=State.CLOSED, action="request.close", fields=("closed",))
            jobs.defer("window.tell", request_id=request.pk, what="follow_up", serial=0)
    return len(rows)


def answer_follow_up(*, now: datetime, code: str, still_solved: bool) -> FollowUp:
    """The asker's word on whether it is still solved; it may be said again. The caller has made sure of the asker.

    Raises Problem before it is asked.
    """
    with atomic():
        request = locked(code)
        row = FollowUp.objects.select_for_update().filter(request=request, asked__isnull=False).first()
        if row is None:
            raise Problem("Nobody has asked this yet.")
        row.still_solved, row.answered = still_solved, localdate(now)
        row.save(update_fields=["still_solved", "answered"])
        audit.record(
            actor=ANONYMOUS, now=now, action="request.follow_up", code=code, unit_path=request.body.path,
            detail={"still": still_solved},
        )  # fmt: skip
    return row
