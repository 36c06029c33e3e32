"""One step of a unit's state, and its line in the transition log (mechanism S3)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit, UnitStep
from qiao.org.units.rules import may_become


def take_step(*, actor: Actor, now: datetime, unit: Unit, state: UnitState, ground: str = "") -> Unit:
    """Put a locked unit into its next state and write the step down, in the caller's transaction.

    Raises Problem where the state does not follow. A unit that is in the state already stays.
    """
    if unit.state == state:
        return unit
    if not may_become(unit, state):
        raise Problem(
            "A unit that is “%(before)s” does not become “%(after)s”.",
            before=UnitState(unit.state).label,
            after=UnitState(state).label,
        )
    before, unit.state = unit.state, state
    unit.save(update_fields=["state"])
    write_step(actor=actor, now=now, unit=unit, before=before, ground=ground)
    return unit


def write_step(*, actor: Actor, now: datetime, unit: Unit, before: str, ground: str = "") -> None:
    """Write down that a unit came into its present state."""
    UnitStep.objects.create(
        unit=unit,
        at=now,
        day=timezone.localdate(now),
        before=before,
        after=unit.state,
        account_id=actor.account_id,
        by=actor.name or "",
        ground=ground,
    )
