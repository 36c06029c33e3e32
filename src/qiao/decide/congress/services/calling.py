"""A meeting before it begins: called, moved, its agenda, its papers sent in time; meetings that delegates call."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.jobs import defer
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.base.uploads import file_name
from qiao.decide.congress.choices import ItemKind, ProposalState, SessionState, TermState
from qiao.decide.congress.models import (
    CallSign,
    Congress,
    DelegateProposal,
    Item,
    ItemOption,
    MeetingCall,
    MeetingPaper,
    Session,
)
from qiao.decide.congress.rules import settings as rule
from qiao.decide.congress.rules.quota import at_least
from qiao.decide.congress.rules.states import SESSION_NEXT, require_step
from qiao.decide.congress.services.meeting import size_of
from qiao.decide.congress.services.steps import (
    RUN,
    held_congress,
    held_item,
    held_session,
    note,
    require_seat,
)
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries import consultation_by_code
from qiao.org.settings.queries import value_of

#: Largest file sent with the papers, in bytes, and what it may be.
LARGEST = 8 * 1024 * 1024
ENDINGS = (".pdf", ".docx", ".xlsx", ".odt", ".ods", ".txt", ".md", ".png", ".jpg", ".jpeg")


def call_session(
    *, actor: Actor, now: datetime, congress_code: str, title: Localized, meets: datetime, place: Localized,
    call_id: int | None = None,
) -> Session:  # fmt: skip
    """Call a meeting. A regular one leaves the time in which proposals are called for, one that delegates call the
    time for the papers.

    Raises Problem for a congress that is not in term or whose term is over, too short a notice, no title or place, a
    call that too few have signed.
    """
    with atomic():
        congress = held_congress(congress_code, actor=actor, action=RUN)
        today = localdate(now)
        path = congress.unit.path
        end = congress.extended_until or congress.until
        if congress.state != TermState.IN_TERM or end is None or localdate(meets) >= end:
            raise Problem("Only a congress in term meets, within its term.")
        if not title or not place:
            raise Problem("Give the meeting a title and a place.")
        require_clean({"title": title, "text": place})
        call = None
        if call_id is not None:
            call = MeetingCall.objects.filter(pk=call_id, congress=congress).first()
            if call is None or call.reached is None:
                raise Problem("Too few delegates have signed this call yet.")
            known = Session.objects.filter(call=call).exclude(state=SessionState.CANCELLED).first()
            if known is not None:
                return known
        days = value_of(rule.PAPERS, path=path, on=today)
        notice = days if call else max(days, value_of(rule.PROP_CALL, path=path, on=today))
        if meets - now < timedelta(days=notice):
            raise Problem("Call the meeting at least %(days)d days ahead.", days=notice)
        session = Session.objects.create(
            code=next_code("WS"), congress=congress, regular=call is None, call=call, title=title, meets=meets,
            number=(congress.sessions.aggregate(last=Max("number"))["last"] or 0) + 1, place=place, called=now,
            called_by_id=actor.account_id, papers_days=days, papers_due=meets - timedelta(days=days),
            quorum=value_of(rule.QUORUM, path=path, on=today), majority=value_of(rule.MAJORITY, path=path, on=today),
            hall_code=f"{secrets.randbelow(10**6):06d}",
        )  # fmt: skip
        note(congress, actor=actor, now=now, thing="meeting", deed="call", code=session.code)
        defer("congress.tell_session", code=session.code, what="called")
    return session


def move_session(
    *, actor: Actor, now: datetime, code: str, meets: datetime, place: Localized, reason: Localized
) -> Session:
    """Move a meeting to a later moment, before it opens; papers that were sent stay sent.

    Raises Problem for an earlier moment, one that leaves no time for papers not sent yet, or without a reason.
    """
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        if session.state not in (SessionState.CALLED, SessionState.PAPERS_SENT):
            raise Problem("Only a meeting that has not begun is moved.")
        if meets <= session.meets or meets <= now:
            raise Problem("A meeting is moved to a later moment, never to an earlier one.")
        if session.state == SessionState.CALLED and meets - now < timedelta(days=session.papers_days):
            raise Problem("Call the meeting at least %(days)d days ahead.", days=session.papers_days)
        if not reason:
            raise Problem("Write why the meeting is moved.")
        session.meets, session.place, session.reason = meets, place or session.place, reason
        if session.state == SessionState.CALLED:
            session.papers_due = meets - timedelta(days=session.papers_days)
        session.save()
        note(session.congress, actor=actor, now=now, thing="meeting", deed="move", code=code)
        defer("congress.tell_session", code=code, what="moved")
    return session


def cancel_session(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Session:
    """Call a meeting off before it opens, with the reason. One that delegates called is moved, not called off."""
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        require_step(SESSION_NEXT, SessionState(session.state), SessionState.CANCELLED)
        if session.call_id is not None:
            raise Problem("Delegates called this meeting: it can be moved, not called off.")
        if not reason:
            raise Problem("Write why the meeting is called off.")
        session.state, session.reason = SessionState.CANCELLED, reason
        session.save()
        note(session.congress, actor=actor, now=now, thing="meeting", deed="cancel", code=code)
        defer("congress.tell_session", code=code, what="cancelled")
    return session


def add_item(
    *, actor: Actor, now: datetime, session_code: str, kind: ItemKind, title: Localized, text: Localized,
    candidates: list[Localized] | None = None, places: int = 1, consultation_code: str = "",
) -> Item:  # fmt: skip
    """Put an item on the agenda. After the papers were sent it opens them again: everything is sent anew, in time.

    Raises Problem without a title or text, too late for the papers, too few candidates, an unknown consultation.
    """
    with atomic():
        session = held_session(session_code, actor=actor, action=RUN)
        kind = ItemKind(kind)
        _open_papers(session, now)
        names = [name for name in candidates or [] if name]
        if not title or not text:
            raise Problem("Give the item a title and say what it is about: delegates read it before the meeting.")
        require_clean({"title": title, "text": text})
        if kind == ItemKind.ELECT and not (names and 1 <= places <= len(names)):
            raise Problem("Name the candidates, and how many are elected: never more than there are.")
        if kind != ItemKind.ELECT and names:
            raise Problem("Candidates belong to an election.")
        if consultation_code:
            try:
                found = consultation_by_code(consultation_code)
            except Consultation.DoesNotExist:
                raise Problem("There is no consultation %(code)s.", code=consultation_code) from None
            if not found.unit.path.startswith(session.congress.unit.path):
                raise Problem("The consultation asked other units: name one of this unit.")
        item = Item.objects.create(
            code=next_code("WI"), session=session, kind=kind, title=title, text=text, places=places,
            position=(session.items.aggregate(last=Max("position"))["last"] or 0) + 1,
            consultation_code=consultation_code,
        )  # fmt: skip
        ItemOption.objects.bulk_create(
            ItemOption(item=item, position=place, name=name) for place, name in enumerate(names, 1)
        )
        if consultation_code:
            link(source=consultation_code, target=item.code, now=now)
        note(session.congress, actor=actor, now=now, thing="meeting", deed="add", code=item.code, kind=kind.value)
    return item


def drop_item(*, actor: Actor, now: datetime, code: str) -> None:
    """Take an item off the agenda before the papers are sent."""
    with atomic():
        item = held_item(code, actor=actor, action=RUN)
        if item.session.state != SessionState.CALLED:
            raise Problem("The papers are sent: the meeting itself postpones an item.")
        item.delete()
        note(item.session.congress, actor=actor, now=now, thing="meeting", deed="drop", code=code)


def add_paper(
    *, actor: Actor, now: datetime, session_code: str, name: str, content: bytes, item_code: str = ""
) -> MeetingPaper:
    """Add a file to the papers; the same file twice is one.

    Raises Problem for one too large, empty, or of another kind.
    """
    with atomic():
        session = held_session(session_code, actor=actor, action=RUN)
        short = file_name(name)
        if not content or len(content) > LARGEST:
            raise Problem("A file has at most 8 MB, and something in it.")
        if not short.lower().endswith(ENDINGS):
            raise Problem("Add a PDF, a text, a table or a picture.")
        digest = hashlib.sha256(content).hexdigest()
        known = MeetingPaper.objects.filter(session=session, sha256=digest).first()
        if known is not None:
            return known
        _open_papers(session, now)
        item = Item.objects.filter(session=session, code=item_code).first() if item_code else None
        paper = MeetingPaper.objects.create(
            session=session, item=item, name=short[-160:], content=content, sha256=digest, added=now
        )
        note(session.congress, actor=actor, now=now, thing="meeting", deed="attach", code=session.code, sha256=digest)
    return paper


def send_papers(*, actor: Actor, now: datetime, code: str) -> Session:
    """Send the papers: their hashes enter the ledger, every delegate is told.

    Raises Problem without an item, or too late.
    """
    with atomic():
        session = held_session(code, actor=actor, action=RUN)
        require_step(SESSION_NEXT, SessionState(session.state), SessionState.PAPERS_SENT)
        items = list(session.items.order_by("position"))
        if not items:
            raise Problem("Put at least one item on the agenda first.")
        if now > session.papers_due:
            raise Problem(
                "The papers had to be sent by %(day)s, %(days)d days before: move the meeting to a later day.",
                day=session.papers_due, days=session.papers_days,
            )  # fmt: skip
        for item in items:
            item.text_sha256 = text_hash(item)
            item.save(update_fields=["text_sha256"])
        session.state, session.papers_sent = SessionState.PAPERS_SENT, now
        session.save()
        files = list(session.files.order_by("sha256").values_list("sha256", flat=True))
        log.append(
            kind="congress.papers", code=code, now=now,
            content={"meets": session.meets.isoformat(), "items": {row.code: row.text_sha256 for row in items},
                     "files": files},
        )  # fmt: skip
        note(session.congress, actor=actor, now=now, thing="meeting", deed="send", code=code, items=len(items))
        defer("congress.tell_session", code=code, what="papers")
        thin = DelegateProposal.objects.filter(congress=session.congress, state=ProposalState.DRAFT)
        for proposal in thin.order_by("pk").values_list("code", flat=True):
            defer("congress.tell_proposal", code=proposal, state=ProposalState.DRAFT.value)
    return session


def text_hash(item: Item) -> str:
    """SHA-256 of what delegates read of an item: kind, title, text, candidates, places, as JSON with sorted keys."""
    options = list(item.options.order_by("position").values_list("name", flat=True))
    content = [item.kind, item.title, item.text, options, item.places]
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def start_call(*, actor: Actor, now: datetime, congress_code: str, subject: str) -> MeetingCall:
    """A delegate asks for a meeting and signs first. How many must sign is fixed that day."""
    with atomic():
        congress = held_congress(congress_code, actor=actor)
        require_seat(congress, actor)
        if congress.state != TermState.IN_TERM:
            raise Problem("Only a congress in term meets, within its term.")
        if not subject.strip():
            raise Problem("Write what the meeting is to be about.")
        require_clean({"title": subject})
        share = value_of(rule.CALL_SHARE, path=congress.unit.path, on=localdate(now))
        call = MeetingCall.objects.create(
            congress=congress, subject=subject.strip()[:300], begun=now,
            needed=max(at_least(share, size_of(congress)), 1),
        )  # fmt: skip
        sign_call(actor=actor, now=now, call_id=call.pk)
    call.refresh_from_db()
    return call


def sign_call(*, actor: Actor, now: datetime, call_id: int) -> MeetingCall:
    """A delegate signs a call, once; with a third of them it binds the union. Who signed is shown to nobody."""
    with atomic():
        call = MeetingCall.objects.select_for_update(of=("self",)).filter(pk=call_id).first()
        if call is None:
            raise Problem("There is no such call.")
        congress = Congress.objects.select_related("unit").get(pk=call.congress_id)
        seat = require_seat(congress, actor)
        CallSign.objects.get_or_create(call=call, delegate=seat)
        if call.reached is None and call.signs.count() >= call.needed:
            call.reached = now
            call.save(update_fields=["reached"])
            log.append(kind="congress.called", code=congress.code, content={"needed": call.needed}, now=now)
    return call


def _open_papers(session: Session, now: datetime) -> None:
    """Papers can be changed: not sent yet, or early enough to send them anew."""
    if session.state == SessionState.PAPERS_SENT and now <= session.papers_due:
        session.state, session.papers_sent = SessionState.CALLED, None
        session.save(update_fields=["state", "papers_sent"])
    if session.state != SessionState.CALLED:
        raise Problem("The papers are sent, and it is too late to send others.")
