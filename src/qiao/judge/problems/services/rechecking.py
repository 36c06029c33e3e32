"""The recheck: by those who raised it or were drawn, at a later date; where nobody speaks, by the union above."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.access import SYSTEM, Actor, Refused, require, require_other
from qiao.base.codes import normal_receipt_number
from qiao.base.db import atomic
from qiao.base.deadlines import Span, SpanUnit
from qiao.base.deadlines import before as so_long_before
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.problems.choices import Say, State, VoiceKind
from qiao.judge.problems.models import Entry, Verdict, Voice
from qiao.judge.problems.rules.settings import REPEAT_MONTHS
from qiao.judge.problems.rules.states import Outcome, outcome
from qiao.judge.problems.services.raising import require_impartial
from qiao.judge.problems.services.steps import (
    CLOSED_WORDS,
    REOPENED_WORDS,
    held,
    note,
    step_to,
    tell_all,
    tell_voices,
)
from qiao.org.settings.queries import value_of

_NOT_MENDED = localized("提出问题的人复核后说没有改好。", "Those who raised it checked again and say it is not mended.")
_MENDED = localized("提出问题的人复核后说改好了。", "Those who raised it checked again and say it is mended.")
_NOTE_SIGNS = 500


def voice_of(*, actor: Actor, entry: Entry, receipt: str = "") -> Voice | None:
    """The voice of whoever holds the receipt, or of the actor by person or account; None for anybody else."""
    if receipt:
        return Voice.objects.filter(entry=entry, receipt=normal_receipt_number(receipt) or "-").first()
    if actor.account_id is None:
        return None
    for voice in Voice.objects.filter(entry=entry):
        if actor.concerns(voice.person_id) or actor.did(voice.account_id):
            return voice
    return None


def say_whether_mended(
    *, actor: Actor, now: datetime, code: str, say: Say, note_text: str = "", receipt: str = ""
) -> Entry:
    """Say, as somebody who raised it or was drawn, whether it is mended. A second word replaces the first.

    The owner does not learn who said what. Raises Refused for others and for whoever answers for it; Problem before
    the day from which it is checked again, or once it is settled; Problems for personal data.
    """
    note_text = note_text.strip()
    if len(note_text) > _NOTE_SIGNS:
        raise Problem("At most %(most)d signs are taken.", most=_NOTE_SIGNS)
    require_clean({"note": note_text})
    with atomic():
        entry = held(code)
        voice = voice_of(actor=actor, entry=entry, receipt=receipt)
        if voice is None or actor.did(entry.owner_id, entry.claimed_by_id):
            raise Refused("only those who raised it or were drawn say whether it is mended")
        if entry.state != State.CLAIMED or entry.recheck_from is None:
            raise Problem("It is not being checked again now.")
        if now < entry.recheck_from:
            raise Problem("It is checked again from %(day)s on: what holds for a day only is not mended.",
                          day=localdate(entry.recheck_from))  # fmt: skip
        Verdict.objects.update_or_create(
            voice=voice, turn=entry.turn,
            defaults={"entry": entry, "say": Say(say), "note": note_text, "day": localdate(now)},
        )  # fmt: skip
        # Who said what is in no log.
        note(entry, actor=Actor(name="voice"), now=now, deed="say")
        _settle(entry, now=now)
    return entry


def settle_due(*, actor: Actor, now: datetime) -> int:
    """Settle rechecks whose time is over; how many were. Where nobody spoke the union above has to. System's clock."""
    if not actor.system:
        raise Refused("only the clock settles rechecks")
    done = 0
    for code in Entry.objects.filter(state=State.CLAIMED, due__lt=now).order_by("due").values_list("code", flat=True):
        with atomic():
            done += _settle(held(code), now=now)
    return done


def recheck_problem(*, actor: Actor, now: datetime, code: str, say: Say, ground: Localized) -> Entry:
    """Check as a third party from above where those who raised it were asked and nobody spoke in time.

    Raises Refused without ``problem.verify`` above the owner's unit; Problem for the owner or whoever claimed it,
    while those who raised it can still speak, without a ground.
    """
    with atomic():
        entry = held(code)
        require_third_party(actor, entry)
        if entry.state != State.CLAIMED:
            raise Problem("It is not being checked again now.")
        voices = Voice.objects.filter(entry=entry).count()
        over = entry.due is not None and now > entry.due
        if outcome(_said(entry), voices=voices, over=over) != Outcome.SILENT:
            raise Problem("Those who raised it are being asked until %(day)s: their word comes first.",
                          day=localdate(entry.due))  # fmt: skip
        if entry.recheck_from is None or now < entry.recheck_from:
            raise Problem("It is checked again from %(day)s on: what holds for a day only is not mended.",
                          day=localdate(entry.recheck_from))  # fmt: skip
        if not ground:
            raise Problem("Write what you found and whom you asked.")
        require_clean({"ground": ground})
        path = (entry.owner_unit or entry.unit).path
        seat = next((g.unit_id for g in actor.grants if "problem.verify" in g.actions and g.reaches(path)), None)
        Verdict.objects.create(
            entry=entry, turn=entry.turn, by_id=actor.account_id, unit_id=seat, say=Say(say), day=localdate(now)
        )
        note(entry, actor=actor, now=now, deed="recheck", say=str(say))
        if say == Say.MENDED:
            _mended(entry, actor=actor, now=now, ground=ground)
        else:
            _open_again(entry, actor=actor, now=now, ground=ground)
    return entry


def close_problem(*, actor: Actor, now: datetime, code: str, lesson: Localized) -> Entry:
    """Close a problem that those who raised it call mended, with what it teaches: by them in office or from above.

    Raises Refused for others; Problem for the owner, without a lesson, or before the recheck.
    """
    with atomic():
        entry = held(code)
        voice = voice_of(actor=actor, entry=entry)
        if voice is None or voice.kind != VoiceKind.RAISER:
            require_third_party(actor, entry)
        require_other(actor, entry.owner_id, entry.claimed_by_id, said=_OWNER)
        if not lesson:
            raise Problem("Write what this problem teaches: what was done that others can do too.")
        require_clean({"lesson": lesson})
        step_to(entry, State.CLOSED, actor=actor, now=now, ground=lesson)
        entry.closed, entry.closed_by_id, entry.lesson, entry.due = now, actor.account_id, lesson, None
        entry.save()
        log.append(
            kind="problem.closed", code=entry.code, now=now,
            content={"turn": entry.turn, "lesson": lesson, "reopened": entry.reopened},
        )  # fmt: skip
        note(entry, actor=actor, now=now, deed="close")
        tell_voices(entry, "closed")
        tell_all(entry, actor=actor, now=now, words=CLOSED_WORDS)
    return entry


def reopen_problem(*, actor: Actor, now: datetime, code: str, reason: Localized, receipt: str = "") -> Entry:
    """Open a problem again that has come back: by whoever raised it, or a third party from above.

    Raises Refused for others; Problem without a reason, where it is not closed, or once the months are over in which
    it counts as come back: then it is raised anew and says what it repeats.
    """
    with atomic():
        entry = held(code)
        voice = voice_of(actor=actor, entry=entry, receipt=receipt)
        if voice is None:
            require_third_party(actor, entry)
        if not reason:
            raise Problem("Write what is wrong again.")
        require_clean({"reason": reason})
        if entry.state not in (State.CLOSED, State.RECHECKED):
            raise Problem("Only what was called mended is opened again.")
        months = value_of(REPEAT_MONTHS, path=entry.unit.path, on=localdate(now))
        if entry.closed is not None and entry.closed < so_long_before(now, Span(months, SpanUnit.MONTHS)):
            raise Problem("It was closed more than %(months)d months ago: raise it anew and name it.", months=months)
        by = Actor(name="voice") if voice is not None else actor
        _open_again(entry, actor=by, now=now, ground=reason)
    return entry


def require_third_party(actor: Actor, entry: Entry) -> None:
    """Raise Refused unless the actor may verify from above the owner's unit; Problem for whoever mended it.

    At the top, where no union stands above, an auditor of the union itself is the third party.
    """
    path = (entry.owner_unit or entry.unit).path
    require(actor, "problem.verify", path)
    above = actor.system or any(
        "problem.verify" in grant.actions
        and path.startswith(grant.path)
        and (grant.path != path or grant.role == "auditor")
        for grant in actor.grants
    )
    if not above:
        raise Refused("a problem is checked by those who raised it, by a union above, or by an auditor")
    require_impartial(actor, entry)
    require_other(actor, entry.owner_id, entry.claimed_by_id, said=_OWNER)


_OWNER = Problem("You answer for this problem: somebody else says whether it is mended.")


def _said(entry: Entry) -> Counter[str]:
    rows = Verdict.objects.filter(entry=entry, turn=entry.turn, voice__isnull=False)
    return Counter(rows.values_list("say", flat=True))


def _settle(entry: Entry, *, now: datetime) -> int:
    """Whether the words so far settle it; then it is. The caller holds the row."""
    if entry.state != State.CLAIMED or entry.due is None:
        return 0
    voices = Voice.objects.filter(entry=entry).count()
    found = outcome(_said(entry), voices=voices, over=now > entry.due)
    if found == Outcome.MENDED:
        _mended(entry, actor=SYSTEM, now=now, ground=_MENDED)
    elif found == Outcome.NOT_MENDED:
        _open_again(entry, actor=SYSTEM, now=now, ground=_NOT_MENDED)
    return int(found in (Outcome.MENDED, Outcome.NOT_MENDED))


def _mended(entry: Entry, *, actor: Actor, now: datetime, ground: Localized) -> None:
    step_to(entry, State.RECHECKED, actor=actor, now=now, ground=ground)
    entry.rechecked = now
    entry.save()
    note(entry, actor=actor, now=now, deed="settle", result=Say.MENDED.value)
    tell_voices(entry, "rechecked")


def _open_again(entry: Entry, *, actor: Actor, now: datetime, ground: Localized) -> None:
    step_to(entry, State.REOPENED, actor=actor, now=now, ground=ground)
    entry.reopened += 1
    entry.turn += 1
    entry.remedy, entry.closed, entry.closed_by_id, entry.lesson, entry.rechecked = {}, None, None, {}, None
    entry.save()
    log.append(kind="problem.reopened", code=entry.code, content={"turn": entry.turn, "ground": ground}, now=now)
    note(entry, actor=actor, now=now, deed="reopen")
    tell_voices(entry, "reopened")
    tell_all(entry, actor=actor, now=now, words=REOPENED_WORDS)
