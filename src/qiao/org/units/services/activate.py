"""What the elections tell a unit: its committee is elected, its term nears its end, its term is over."""

from __future__ import annotations

from datetime import date, datetime

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit
from qiao.org.units.rules import require_state
from qiao.org.units.services.steps import take_step

_ELECTED = (UnitState.APPROVED, UnitState.ACTIVE, UnitState.TERM_DUE, UnitState.OVERDUE)


def activate_unit(*, actor: Actor, now: datetime, unit: Unit, term_ends: date, ground: str = "") -> Unit:
    """The result of an election stands: the unit is active until its new term ends.

    Called by the elections, which have asked who may file a result; the unit itself has no page that reaches this.
    Called twice it changes nothing. Raises Problem for a unit that is not approved or is on its way to its end.
    """
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        require_state(unit, *_ELECTED)
        if unit.state == UnitState.ACTIVE and unit.term_ends == term_ends:
            return unit
        if unit.term_ends is not None and term_ends <= unit.term_ends and unit.state != UnitState.APPROVED:
            raise Problem("The new term must end after the present one: %(day)s.", day=unit.term_ends)
        unit.term_ends = term_ends
        unit.save(update_fields=["term_ends"])
        take_step(actor=actor, now=now, unit=unit, state=UnitState.ACTIVE, ground=ground)
        audit.record(actor=actor, now=now, action="unit.activate", code=unit.label, unit_path=unit.path,
                     detail={"term_ends": term_ends.isoformat()})  # fmt: skip
    return unit


def mark_term(*, actor: Actor, now: datetime, unit: Unit, state: UnitState, term_ends: date) -> Unit:
    """Mark that the election is due, overdue, or (a term that was corrected) neither: for the job of the elections.

    Twice is harmless; a unit that is closing or closed is left alone. Raises Refused for anybody but the system,
    Problem for a state that says nothing of a term.
    """
    if not actor.system:
        raise Refused("term marks are set by the timer")
    if state not in (UnitState.ACTIVE, UnitState.TERM_DUE, UnitState.OVERDUE):
        raise Problem("“%(state)s” is no mark of a term.", state=UnitState(state).label)
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if unit.state not in (UnitState.ACTIVE, UnitState.TERM_DUE, UnitState.OVERDUE):
            return unit
        if unit.term_ends != term_ends:
            unit.term_ends = term_ends
            unit.save(update_fields=["term_ends"])
        if unit.state != state:
            take_step(actor=actor, now=now, unit=unit, state=state)
            audit.record(actor=actor, now=now, action="unit.term", code=unit.label, unit_path=unit.path,
                         detail={"state": str(state), "term_ends": term_ends.isoformat()})  # fmt: skip
    return unit
