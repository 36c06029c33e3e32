"""Inputs of need-based allocation: entered with day and source, contested by the unit, decided by somebody else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.denylist import match_header
from qiao.base.problems import Problem
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.yearbook.choices import InputKind, InputState
from qiao.org.yearbook.models import AllocationInput

_HIGHEST = Decimal(10) ** 13


def enter_input(
    *, actor: Actor, now: datetime, unit: Unit, kind: InputKind, value: Decimal, day: date, source: str
) -> AllocationInput:
    """Enter a number for a unit; the one before is kept as replaced. The same number for the same day is one.

    Raises Refused without ``allocation.enter`` at the unit above (at the top: at the unit), Problem for a negative or
    absurd number, a day to come, no source, or a source that names what is never recorded.
    """
    require(actor, "allocation.enter", unit.path[:-5] or unit.path)
    kind = InputKind(kind)
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    if not (value.is_finite() and 0 <= value < _HIGHEST):
        raise Problem("Write a number that is not negative.")
    if day > localdate(now) or day.year < 2000:
        raise Problem("Choose the day the number is of: not one to come.")
    if not source.strip():
        raise Problem("Write where the number comes from: without a source it cannot be contested.")
    if match_header(source):
        raise Problem("Nothing about ethnicity, belief, population or opinion is recorded here.")
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        held = _holding(unit, kind)
        if held is not None:
            if (held.value, held.day, held.source) == (value, day, source.strip()):
                return held
            if held.state == InputState.CONTESTED:
                raise Problem("The unit contests this number: decide on the objection first.")
            held.state = InputState.REPLACED
            held.save(update_fields=["state"])
        made = AllocationInput.objects.create(
            unit=unit, kind=kind, value=value, day=day, source=source.strip()[:200], entered_by_id=actor.account_id,
            entered=now,
        )  # fmt: skip
        _note(actor, now, made, "enter")
    return made


def contest_input(*, actor: Actor, now: datetime, input_id: int, ground: str) -> AllocationInput:
    """Contest a number of one's own unit, never the weights. Twice changes nothing.

    Raises Refused without ``allocation.contest`` at the unit, Problem without a ground, or for whoever entered it.
    """
    with atomic():
        held = _locked(input_id)
        require(actor, "allocation.contest", held.unit.path)
        if held.state == InputState.CONTESTED:
            return held
        if held.state != InputState.STANDING:
            raise Problem("Another number has taken its place meanwhile.")
        if not ground.strip():
            raise Problem("Write what is wrong with the number and what shows it.")
        require_other(actor, held.entered_by_id, said=Problem("You entered this number yourself: enter it anew."))
        held.state, held.ground = InputState.CONTESTED, ground.strip()
        held.contested, held.contested_by_id = now, actor.account_id
        held.decided, held.decided_by_id, held.upheld, held.answer = None, None, None, ""
        held.save()
        _note(actor, now, held, "contest")
    return held


def decide_contest(
    *, actor: Actor, now: datetime, input_id: int, upheld: bool, answer: str, value: Decimal | None = None
) -> AllocationInput:
    """Decide on an objection with a reason: the number stands, or ``value`` takes its place from that day on.

    Raises Refused without ``allocation.enter`` at the unit above, Problem for whoever entered or contested the number,
    without a reason, or upheld without the right number.
    """
    with atomic():
        held = _locked(input_id)
        require(actor, "allocation.enter", held.unit.path[:-5] or held.unit.path)
        if held.state != InputState.CONTESTED:
            raise Problem("Nobody contests this number now.")
        require_other(
            actor,
            held.entered_by_id,
            held.contested_by_id,
            said=Problem("Who entered or contested a number does not decide on it: another officer does."),
        )
        require_untied(actor, held.unit.path)
        if not answer.strip():
            raise Problem("Write the reason.")
        if upheld and (value is None or not value.is_finite() or not 0 <= value < _HIGHEST):
            raise Problem("Write the number that takes its place.")
        held.upheld, held.answer = upheld, answer.strip()
        held.decided, held.decided_by_id = now, actor.account_id
        held.state = InputState.REPLACED if upheld else InputState.STANDING
        held.save()
        _note(actor, now, held, "decide")
        if upheld and value is not None:
            return AllocationInput.objects.create(
                unit=held.unit, kind=held.kind, value=value, day=held.day, source=held.answer[:200],
                entered_by_id=actor.account_id, entered=now,
            )  # fmt: skip
    return held


def _holding(unit: Unit, kind: InputKind) -> AllocationInput | None:
    return (
        AllocationInput.objects.select_for_update()
        .filter(unit=unit, kind=kind)
        .exclude(state=InputState.REPLACED)
        .order_by("pk")
        .first()
    )


def _locked(input_id: int) -> AllocationInput:
    return AllocationInput.objects.select_for_update(of=("self",)).select_related("unit").get(pk=input_id)


def _note(actor: Actor, now: datetime, held: AllocationInput, step: str) -> None:
    audit.record(
        actor=actor, now=now, action=f"allocation.{step}", code=held.unit.label, unit_path=held.unit.path,
        detail={"input": held.pk, "kind": held.kind},
    )  # fmt: skip
