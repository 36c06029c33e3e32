"""A meeting that goes on: who is there, the quorum, its end, the report, what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.jobs import defer
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.decide.congress.choices import ItemState, ProposalState, SessionState
from qiao.decide.congress.models import (
    Attendance,
    Congress,
    Delegate,
    DelegateProposal,
    Session,
    VoteMark,
)
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.states import SESSION_NEXT, require_step
from qiao.decide.congress.rules.votes import check_presidium, check_quorum
from qiao.decide.congress.services.steps import (
    RUN,
    clock,
    held_session,
    joined,
    note,
    require_seat,
)
from qiao.org.settings.queries import value_of
from qiao.publish.services import announce


def set_attendance(
    *, actor: Actor, now: datetime, code: str, present: Collection[int], presidium: Collection[int]
) -> Session:
    """Write down which delegates are there, and the presidium: from the day of the meeting on, until it resolves.

    Whoever has voted stays present. Raises Problem before the day, or for somebody who is no delegate of this congress.
    """
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        _require_day(session, now)
        seats = set(seats_of(session.congress))
        present, chosen = set(present), set(presidium)
        if (present | chosen) - seats:
            raise Problem("Somebody on this list is no delegate of this congress.")
        voted = set(
            Attendance.objects.filter(session=session, delegate__in=_voters(session)).values_list(
                "delegate_id", flat=True
            )
        )
        present |= chosen | voted
        session.attendance.exclude(delegate_id__in=present).delete()
        known = set(session.attendance.values_list("delegate_id", flat=True))
        Attendance.objects.bulk_create(Attendance(session=session, delegate_id=key) for key in sorted(present - known))
        session.attendance.update(presidium=False)
        session.attendance.filter(delegate_id__in=chosen).update(presidium=True)
        _recount(session)
        note(
            session.congress, actor=actor, now=now, thing="meeting", deed="attendance", code=code, present=len(present)
        )
    return session


def say_here(*, actor: Actor, now: datetime, code: str, hall_code: str) -> Session:
    """A delegate says by the code shown in the hall that they are there. Twice is harmless.

    Raises Refused for whoever is no delegate, Problem for another code or day.
    """
    with atomic():
        session = held_session(code, actor=actor)
        seat = require_seat(session.congress, actor)
        _require_day(session, now)
        if not secrets.compare_digest(hall_code.strip().encode(), session.hall_code.encode()):
            raise Problem("This is not the code shown in the hall.")
        Attendance.objects.get_or_create(session=session, delegate=seat)
        _recount(session)
    return session


def open_meeting(*, actor: Actor, now: datetime, code: str) -> Session:
    """Open the meeting once enough delegates are there and the presidium is as the rule says.

    Raises Problem before the day, without papers sent, without a quorum, or where front-line workers have too small a
    part in the presidium.
    """
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        require_step(SESSION_NEXT, SessionState(session.state), SessionState.QUORUM)
        _require_day(session, now)
        seats, present = size_of(session.congress), session.attendance.count()
        check_quorum(present, seats, session.quorum)
        table = session.attendance.filter(presidium=True)
        if not session.congress.assembly:
            check_presidium(
                table.filter(delegate__front_line=True).count(), table.count(),
                value_of(rule.PRESIDIUM_FRONTLINE, path=session.congress.unit.path, on=localdate(now)),
            )  # fmt: skip
        session.state, session.opened, session.delegates, session.present = SessionState.QUORUM, now, seats, present
        session.save()
        note(session.congress, actor=actor, now=now, thing="meeting", deed="open", code=code, present=present)
    return session


def resolve_session(*, actor: Actor, now: datetime, code: str, minutes_sha256: str, minutes_name: str = "") -> Session:
    """End the meeting: every item is settled, the minutes are signed. Resolutions enter the ledger and are published;
    the clock of the report to the unit above starts.

    Raises Problem while an item is unsettled, or without minutes.
    """
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        require_step(SESSION_NEXT, SessionState(session.state), SessionState.RESOLVED)
        items = list(session.items.order_by("position"))
        waiting = [item for item in items if item.state != ItemState.DONE]
        if waiting:
            raise Problem("%(number)d items of business are not settled yet.", number=len(waiting))
        if not minutes_sha256:
            raise Problem("Add the signed minutes: their fingerprint is kept.")
        session.state, session.resolved = SessionState.RESOLVED, now
        session.minutes_sha256, session.minutes_name = minutes_sha256, minutes_name[:160]
        session.report_due, session.report_rule = clock(rule.REPORT_UP, path=session.congress.unit.path, now=now)
        session.save()
        log.append(
            kind="congress.resolved", code=code, now=now,
            content={
                "delegates": session.delegates, "present": session.present, "minutes": minutes_sha256,
                "items": [
                    {"code": item.code, "outcome": item.outcome, "counts": item.counts, "of": item.delegates,
                     "text": item.text_sha256, "papers": item.papers_root}
                    for item in items
                ],
            },
        )  # fmt: skip
        _report_proposals(session)
        note(session.congress, actor=actor, now=now, thing="meeting", deed="resolve", code=code, items=len(items))
        announce(
            actor=actor, now=now, unit=session.congress.unit, code=code,
            title=joined(localized("职工代表大会决议：%(title)s", "Resolutions of the workers' congress: %(title)s"),
                         title=session.title),
            body=localized(
                "各项议题的结果已公布。须表决的议题均经全体职工代表无记名投票。",
                "The result of every item is published. What had to be voted on was voted on in secret, "
                "measured by all delegates.",
            ),
            url=reverse("congress:session", args=[code]),
        )  # fmt: skip
        defer("congress.tell_session", code=code, what="resolved")
    return session


def report_session(*, actor: Actor, now: datetime, code: str, report_note: str) -> Session:
    """Write down by which paper the resolutions were reported to the unit above. Raises Problem without it."""
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        require_step(SESSION_NEXT, SessionState(session.state), SessionState.REPORTED)
        if not report_note.strip():
            raise Problem("Say by which paper it was reported.")
        session.state, session.reported, session.report_note = SessionState.REPORTED, now, report_note.strip()[:200]
        session.save()
        note(session.congress, actor=actor, now=now, thing="meeting", deed="report", code=code)
    return session


def follow_session(*, actor: Actor, now: datetime, code: str, text: Localized) -> Session:
    """Publish what became of the resolutions. Raises Problem without a text."""
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        require_step(SESSION_NEXT, SessionState(session.state), SessionState.FOLLOWED)
        if not text:
            raise Problem("Write what became of each resolution.")
        require_clean({"text": text})
        session.state, session.followed, session.followed_note = SessionState.FOLLOWED, now, text
        session.save()
        note(session.congress, actor=actor, now=now, thing="meeting", deed="follow", code=code)
    return session


def seats_of(congress: Congress) -> list[int]:
    """The delegates in office now, by id: by all of them quorum and majority are measured."""
    return list(
        Delegate.objects.filter(congress=congress, until__isnull=True).order_by("pk").values_list("pk", flat=True)
    )


def size_of(congress: Congress) -> int:
    """All by whom quorum and majority are measured: the delegates in office; of an assembly, all workers."""
    seats = len(seats_of(congress))
    return max(seats, congress.workers) if congress.assembly else seats


def _require_day(session: Session, now: datetime) -> None:
    if session.state not in (SessionState.PAPERS_SENT, SessionState.QUORUM, SessionState.VOTES):
        raise Problem("The meeting is not open: its papers are not sent, or it is over.")
    if localdate(now) < localdate(session.meets):
        raise Problem("The meeting has not come yet.")


def _voters(session: Session) -> list[int]:
    marks = VoteMark.objects.filter(item__session=session, voted=True)
    return list(marks.order_by("pk").values_list("delegate_id", flat=True))


def _recount(session: Session) -> None:
    """While the meeting goes on, who is present follows who comes and goes."""
    if session.state in (SessionState.QUORUM, SessionState.VOTES):
        session.present = min(session.attendance.count(), session.delegates or 0)
        session.save(update_fields=["present"])


def _report_proposals(session: Session) -> None:
    """What was settled since the last meeting, and what did not satisfy, stands in this meeting's papers."""
    settled = Q(state=ProposalState.CLOSED) | Q(state=ProposalState.REPLIED, handled_twice=True, rating="not")
    DelegateProposal.objects.filter(settled, congress=session.congress, reported_in__isnull=True).update(
        state=ProposalState.REPORTED, reported_in=session
    )
