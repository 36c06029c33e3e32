"""What happens when the side above does not answer in time, and the push from below."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.deadlines import Span, SpanUnit, due
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.settings.queries import calendar_of
from qiao.org.upward.choices import WAITING, Addressee, PaperState
from qiao.org.upward.models import Paper, PaperStep
from qiao.org.upward.rules import require_for
from qiao.org.upward.services.steps import locked, log, move_on


def end_silence(*, actor: Actor, now: datetime, code: str) -> Paper:
    """End the clock of a request that has run out: agreed by silence where that was the rule at its issue, else on to
    the next unit above with a new clock. At the top nothing is above: it stays where it is and shows as overdue.

    Harmless where the clock has not run out. Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the clock is the system's")
    with atomic():
        paper = locked(code)
        if paper.state not in WAITING or paper.due is None or paper.due >= now:
            return paper
        if paper.silence_consents:
            move_on(paper=paper, wanted=PaperState.DEEMED, actor=actor, now=now, unit=None)
            return paper
        above = paper.holder.parent
        if above is None or paper.addressee != Addressee.UPPER:
            return paper
        move_on(
            paper=paper,
            wanted=PaperState.ESCALATED,
            actor=actor,
            now=now,
            unit=None,
            fields={
                "holder": above,
                "escalations": paper.escalations + 1,
                "due": due(now, Span(paper.days or 1, SpanUnit.DAYS), calendar_of(above.path, timezone.localdate(now))),
            },
        )
    return paper


def chase_paper(*, actor: Actor, now: datetime, code: str, words: str) -> PaperStep:
    """Record a push (chase-up) on an overdue request; one a week at most.

    Raises Refused without ``paper.draft`` at its unit, Problem while it is not overdue, or pushed within the week.
    """
    with atomic():
        paper = locked(code)
        require_for(actor, "paper.draft", paper.unit)
        if paper.state not in WAITING or paper.due is None or paper.due >= now:
            raise Problem("The request is not overdue.")
        if paper.log.filter(chase=True, at__gt=now - timedelta(days=7)).exists():
            raise Problem("It was chased up within the last seven days.")
        require_clean({"text": words})
        return log(paper=paper, before=paper.state, actor=actor, now=now, unit=paper.unit, ground=words, chase=True)
