"""What follows the end of a unit in the apps above: members who go on, roles that end. They register, units calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from qiao.base.access import Actor
from qiao.org.units.models import Unit

#: Called in the transaction that closes ``unit``, with the unit its members go to, the day, and whether it is a merger
#: (members go on as members) or an end (members are retained).
FollowUp = Callable[[Actor, datetime, Unit, Unit, date, bool], None]
_FOLLOW_UPS: list[FollowUp] = []


def follow_closing(follow_up: FollowUp) -> None:
    """Have ``follow_up`` called whenever a unit is closed; from AppConfig.ready(), once each."""
    if follow_up not in _FOLLOW_UPS:
        _FOLLOW_UPS.append(follow_up)


def follow_up(actor: Actor, now: datetime, unit: Unit, receiver: Unit, day: date, *, merged: bool) -> None:
    """Call everybody who registered."""
    for call in _FOLLOW_UPS:
        call(actor, now, unit, receiver, day, merged)
