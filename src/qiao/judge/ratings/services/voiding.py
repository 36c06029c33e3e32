"""Declaring a rating void, with its reason; once it is run again."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, Refused, require_untied
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.ratings.choices import RESULT_STATES, State, VoidReason
from qiao.judge.ratings.models import Cast, Rating
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.services.steps import CALL, above, day_after, is_judged, locked, move, note, tell

AUDIT = "audit.read"


def declare_void(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Rating:
    """Declare a rating void because ballots were opened or a count was seen early, or its call was wrong.

    Declaring it again changes nothing. Raises Refused without ``rating.call`` or ``audit.read`` above the judged
    unions, and for every officer of one of them; Problem without a reason or once a result stands.
    """
    if not reason:
        raise Problem("Write what happened: the reason is published.")
    require_clean({"reason": reason})
    with atomic():
        rating = locked(code)
        path = above(rating)
        if not (path and (actor.may(CALL, path) or actor.may(AUDIT, path))) and not actor.system:
            raise Refused("rating.call is not yours here")
        if is_judged(actor, rating):
            raise Refused("officers of the judged union do not end its rating")
        require_untied(actor, rating.unit.path)
        if rating.state == State.VOID:
            return rating
        if rating.state in RESULT_STATES:
            raise Problem("The result is published: it stands, whoever likes it.")
        make_void(rating, VoidReason.INCIDENT, reason, actor=actor, now=now)
    return rating


def make_void(rating: Rating, kind: VoidReason, reason: Localized, *, actor: Actor, now: datetime) -> None:
    """Set a locked rating void, saved: figures of turnout stay, grades are never opened or never published."""
    move(rating, State.VOID, actor=actor, now=now, ground=reason)
    rating.void_kind, rating.void_text, rating.voided = kind, reason, now
    if rating.rerun_of_id is None or kind in (VoidReason.INCIDENT, VoidReason.MISMATCH):
        rating.rerun_due = localdate(day_after(rating.unit.path, rule.RERUN_DAYS, now))
    rating.challenge_ends = day_after(rating.unit.path, rule.CHALLENGE_PERIOD, now)
    rating.save()
    Cast.objects.filter(rating=rating).delete()
    rating.wrapped.all().delete()
    log.append(
        kind="rating.void", code=rating.code, now=now,
        content={"kind": kind.value, "reason": reason, "turnout": rating.turnout, "roll_size": rating.roll_size},
    )  # fmt: skip
    note(rating, actor=actor, now=now, deed="void", kind=kind.value)
    tell(rating, actor=actor, now=now, title=noop("Void: %(title)s"), body=noop("%(reason)s"), reason=reason)
