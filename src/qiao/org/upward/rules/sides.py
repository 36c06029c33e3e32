"""Whose side an officer is on: a paper is drafted and signed in the unit it comes from, not by one above it."""

from __future__ import annotations

from qiao.base.access import Actor, Refused
from qiao.org.units.models import Unit


def acts_for(actor: Actor, action: str, unit: Unit) -> bool:
    """Whether the actor holds a role with ``action`` in this very unit: an officer above is the other side."""
    return actor.system or any(grant.unit_id == unit.pk and action in grant.actions for grant in actor.grants)


def require_for(actor: Actor, action: str, unit: Unit) -> None:
    """Raise Refused unless the actor holds ``action`` in this very unit."""
    if not acts_for(actor, action, unit):
        raise Refused(f"{action} is not yours in this unit itself")
