"""Taking a problem on or declining it, naming who answers for it."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.access import Actor, require, require_other
from qiao.base.codes import normal_receipt_number
from qiao.base.db import atomic
from qiao.base.deadlines import Span, SpanUnit
from qiao.base.deadlines import before as so_long_before
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.problems.choices import OFFICE_SOURCES, Source, State
from qiao.judge.problems.models import Entry, Voice
from qiao.judge.problems.rules.settings import REPEAT_MONTHS
from qiao.judge.problems.rules.states import require_step
from qiao.judge.problems.services.raising import require_impartial, take_on
from qiao.judge.problems.services.steps import held, note, step_to, tell_voices
from qiao.org.access.queries import actor_for
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit


def accept_problem(*, actor: Actor, now: datetime, code: str, repeat_of: str = "") -> Entry:
    """Take a raised problem on: it becomes public. ``repeat_of``: the earlier problem it repeats.

    Raises Refused without ``problem.accept`` at the unit; Problem out of order, for one the actor raised in office, for
    an earlier problem of another union or too long ago.
    """
    with atomic():
        entry = held(code)
        require(actor, "problem.accept", entry.unit.path)
        require_impartial(actor, entry)
        _other_than_raiser(actor, entry)
        if repeat_of.strip():
            entry.repeat_of = _repeated(entry, repeat_of.strip().upper(), now)
        take_on(entry, actor=actor, now=now)
        tell_voices(entry, "accepted")
    return entry


def decline_problem(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Entry:
    """Decline a raised problem, with the reason whoever raised it reads and may appeal against (S5).

    Raises Refused without ``problem.accept``; Problem without a reason, out of order, or for what a judgment, an audit
    or a consultation brought: that is not declined by the union it concerns.
    """
    with atomic():
        entry = held(code)
        require(actor, "problem.accept", entry.unit.path)
        require_impartial(actor, entry)
        _other_than_raiser(actor, entry)
        if entry.source not in (Source.MEMBERS, Source.OWN):
            raise Problem("What a judgment, an audit or a consultation found is not declined.")
        if not reason:
            raise Problem("Write why it is not taken on: whoever raised it reads it and may appeal.")
        require_clean({"reason": reason})
        step_to(entry, State.DECLINED, actor=actor, now=now, ground=reason)
        entry.declined, entry.decided_by_id, entry.reason, entry.due = now, actor.account_id, reason, None
        entry.save()
        note(entry, actor=actor, now=now, deed="decline")
        tell_voices(entry, "declined")
    return entry


def appeal_decline(*, now: datetime, receipt: str, ground: str, actor: Actor) -> Appeal:
    """Appeal against a decline by whoever holds the receipt. Raises Problem where nothing was declined."""
    voice = Voice.objects.select_related("entry__unit").filter(receipt=normal_receipt_number(receipt) or "-").first()
    if voice is None or voice.entry.state != State.DECLINED or voice.entry.declined is None:
        raise Problem("Nothing was declined under this receipt.")
    entry = voice.entry
    return file_appeal(
        now=now, kind="problem", code=entry.code, unit_path=entry.unit.path,
        first_decider_unit_path=entry.unit.path, first_decider_account_id=entry.decided_by_id, ground=ground,
        person_id=voice.person_id, actor=actor, refused=entry.declined,
    )  # fmt: skip


def decline_set_aside(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """An appeal was upheld: it is raised again and taken on by whoever upheld it. The log keeps the reason."""
    entry = held(appeal.subject)
    if entry.state != State.DECLINED:
        return
    step_to(entry, State.RAISED, actor=actor, now=now)
    entry.declined, entry.reason = None, {}
    entry.save()
    take_on(entry, actor=actor, now=now)
    tell_voices(entry, "accepted")


def name_owner(*, actor: Actor, now: datetime, code: str, unit: Unit, owner: Account) -> Entry:
    """Name the unit and the person who answer for mending it; naming somebody else later is written down too.

    Raises Refused without ``problem.accept`` at the problem's unit; Problem for a unit beside the problem's line, a
    person who may not own problems there or who raised it in office, or while it is being checked again.
    """
    with atomic():
        entry = held(code)
        require(actor, "problem.accept", entry.unit.path)
        require_impartial(actor, entry)
        if entry.owner_id == owner.pk and entry.owner_unit_id == unit.pk and entry.state == State.OWNED:
            return entry
        if not (unit.path.startswith(entry.unit.path) or entry.unit.path.startswith(unit.path)):
            raise Problem("Choose the union of the problem, one above it or one below it.")
        holds = actor_for(owner, localdate(now))
        if not holds.may("problem.own", unit.path):
            raise Problem("%(name)s holds no role at %(unit)s that mends problems.", name=owner.display_name,
                          unit=unit.label)  # fmt: skip
        if holds.did(entry.raised_by):
            raise Problem("Who raised it checks it again, so somebody else mends it.")
        require_step(entry.state, State.OWNED)
        # A remedy that runs keeps its days under another name.
        running = entry.state == State.RUNNING
        entry.owner_unit, entry.owner, entry.owned = unit, owner, now
        if not running:
            step_to(entry, State.OWNED, actor=actor, now=now)
        entry.save()
        note(entry, actor=actor, now=now, deed="own", owner=owner.pk, unit=unit.label)
        if not running:
            tell_voices(entry, "owned")
    return entry


def _other_than_raiser(actor: Actor, entry: Entry) -> None:
    if entry.source in OFFICE_SOURCES:
        require_other(actor, entry.raised_by, said=Problem("You raised it: somebody else decides on it."))
    if actor.person_id is not None and entry.voices.filter(person_id=actor.person_id).exists():
        raise Problem("You raised it: somebody else decides on it.")


def _repeated(entry: Entry, code: str, now: datetime) -> Entry:
    earlier = Entry.objects.filter(code=code, unit=entry.unit).exclude(pk=entry.pk).first()
    if earlier is None or earlier.state == State.DECLINED:
        raise Problem("There is no earlier problem %(code)s of this union.", code=code)
    months = value_of(REPEAT_MONTHS, path=entry.unit.path, on=localdate(now))
    if earlier.closed is not None and earlier.closed < so_long_before(now, Span(months, SpanUnit.MONTHS)):
        raise Problem("%(code)s was closed more than %(months)d months ago.", code=code, months=months)
    return earlier
