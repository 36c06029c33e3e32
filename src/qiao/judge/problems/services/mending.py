"""The owner's part: the remedy with its dated steps, more time with a reason, the claim that it is mended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils.timezone import get_default_timezone, localdate

from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.problems.choices import State, VoiceKind
from qiao.judge.problems.models import Entry, Extension, RemedyStep, Voice
from qiao.judge.problems.queries.persons import may_be_drawn
from qiao.judge.problems.rules.settings import RECHECK_AFTER, VOICES
from qiao.judge.problems.services.steps import held, note, step_to, tell_voices
from qiao.org.settings.queries import calendar_of, value_of

_MOST_STEPS = 20
_LONGEST = timedelta(days=3 * 366)


def plan_remedy(
    *, actor: Actor, now: datetime, code: str, remedy: Localized, steps: Sequence[tuple[Localized, date]]
) -> Entry:
    """Say how it is mended, in dated steps; the last day is the day by which it is.

    After a reopening a new remedy is planned: what did not help before does not stand for it. Raises Refused for
    anybody but the owner; Problem without words or steps, for days out of order, past or too far off.
    """
    with atomic():
        entry = _owned(actor, code)
        today = localdate(now)
        if not remedy or not steps:
            raise Problem("Write how it is mended, and at least one step with its day.")
        if len(steps) > _MOST_STEPS:
            raise Problem("At most %(most)d steps.", most=_MOST_STEPS)
        days = [day for _text, day in steps]
        if any(not text for text, _day in steps) or days != sorted(days):
            raise Problem("Each step has its words and its day, the earliest first.")
        if days[0] < today or days[-1] > today + _LONGEST:
            raise Problem("The days of the steps lie between today and three years from now.")
        require_clean({"remedy": remedy, **{f"step {n}": text for n, (text, _day) in enumerate(steps, start=1)}})
        step_to(entry, State.RUNNING, actor=actor, now=now, ground=remedy, until=_end_of(days[-1]))
        entry.remedy = remedy
        entry.save()
        RemedyStep.objects.bulk_create(
            [
                RemedyStep(entry=entry, turn=entry.turn, position=place, text=text, due=day)
                for place, (text, day) in enumerate(steps, start=1)
            ]
        )
        note(entry, actor=actor, now=now, deed="plan", steps=len(steps), until=days[-1].isoformat())
        tell_voices(entry, "running")
    return entry


def do_step(*, actor: Actor, now: datetime, code: str, position: int) -> RemedyStep:
    """Mark a step as done, today. Twice changes nothing. Raises Refused for others, Problem for an unknown step."""
    with atomic():
        entry = _owned(actor, code)
        if entry.state != State.RUNNING:
            raise Problem("The remedy does not run.")
        step = RemedyStep.objects.filter(entry=entry, turn=entry.turn, position=position).first()
        if step is None:
            raise Problem("There is no such step.")
        if step.done is None:
            step.done = localdate(now)
            step.save(update_fields=["done"])
            note(entry, actor=actor, now=now, deed="step", position=position)
    return step


def extend_remedy(*, actor: Actor, now: datetime, code: str, until: date, reason: Localized) -> Entry:
    """Give the remedy more time. The reason is public, those who raised it are told, the first day stays readable.

    Raises Refused for others; Problem without a reason, for a day that is not later, or while nothing runs.
    """
    with atomic():
        entry = _owned(actor, code)
        if entry.state != State.RUNNING or entry.due is None:
            raise Problem("The remedy does not run.")
        after = _end_of(until)
        if not reason:
            raise Problem("Write why it takes longer: everybody reads it.")
        if after <= entry.due or after <= now or until > localdate(now) + _LONGEST:
            raise Problem("Choose a day after %(day)s and within three years.", day=localdate(entry.due))
        require_clean({"reason": reason})
        Extension.objects.create(
            entry=entry, at=now, by=actor.account_id, before=entry.due, after=after, reason=reason
        )  # fmt: skip
        entry.due, entry.warned = after, 0
        entry.save()
        note(entry, actor=actor, now=now, deed="extend", until=until.isoformat())
        tell_voices(entry, "extended")
    return entry


def claim_mended(
    *, actor: Actor, now: datetime, code: str, claim: Localized, users_asked: int, users_confirmed: int
) -> Entry:
    """Say that it is mended, with what those concerned answered: photographs and reports are no evidence.

    From here the owner has no say: those who raised it are asked from a later day on, and where they are few, members
    drawn by chance with them. Raises Refused for others; Problem while a step is open, without people asked.
    """
    with atomic():
        entry = _owned(actor, code)
        if not claim:
            raise Problem("Write what was done and what is different now.")
        if users_asked < 1 or not 0 <= users_confirmed <= users_asked:
            raise Problem("Ask people it concerns whether it is mended, and write how many you asked and how many "
                          "said so: photographs and reports are not enough.")  # fmt: skip
        if RemedyStep.objects.filter(entry=entry, turn=entry.turn, done__isnull=True).exists():
            raise Problem("A step of the remedy is still open.")
        require_clean({"claim": claim})
        today = localdate(now)
        wait = value_of(RECHECK_AFTER, path=entry.unit.path, on=today)
        day = calendar_of(entry.unit.path, today).next_working_day(today + timedelta(days=wait))
        entry.recheck_from = datetime.combine(day, time.min, get_default_timezone())
        entry.claimed, entry.claimed_by_id, entry.claim = now, actor.account_id, claim
        entry.users_asked, entry.users_confirmed = users_asked, users_confirmed
        step_to(entry, State.CLAIMED, actor=actor, now=now, ground=claim)
        _draw(entry, now)
        entry.save()
        log.append(
            kind="problem.claimed", code=entry.code, now=now,
            content={"turn": entry.turn, "asked": users_asked, "confirmed": users_confirmed,
                     "recheck_from": day.isoformat(), "seed": entry.draw_seed},
        )  # fmt: skip
        note(entry, actor=actor, now=now, deed="claim", asked=users_asked, confirmed=users_confirmed)
        tell_voices(entry, "claimed")
    return entry


def _draw(entry: Entry, now: datetime) -> None:
    """Fill up those who are asked with members drawn by chance, so that no single voice decides. Seed and base stay.

    Nobody who holds an office there is drawn. Drawn once: a later turn asks the same people.
    """
    if entry.draw_seed:
        return
    wanted = value_of(VOICES, path=entry.unit.path, on=localdate(now)) - entry.voices.count()
    people = may_be_drawn(entry)
    entry.draw_seed, entry.drawn_of = secrets.token_hex(16), len(people)
    if wanted <= 0 or not people:
        return
    rng = np.random.default_rng(int.from_bytes(bytes.fromhex(entry.draw_seed), "big"))
    chosen = rng.choice(people, min(wanted, len(people)), replace=False)
    Voice.objects.bulk_create(
        [Voice(entry=entry, kind=VoiceKind.DRAWN, person_id=int(one), since=localdate(now)) for one in sorted(chosen)]
    )


def _owned(actor: Actor, code: str) -> Entry:
    entry = held(code)
    if entry.owner_unit is None:
        raise Problem("Nobody answers for this problem yet.")
    require(actor, "problem.own", entry.owner_unit.path)
    if not (actor.system or actor.did(entry.owner_id)):
        raise Refused("only the person who answers for it mends it")
    return entry


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), get_default_timezone())
