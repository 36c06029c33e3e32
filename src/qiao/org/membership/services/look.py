"""Looking at the register: every look leaves a row in the audit log, with how many were shown and never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.org.membership.models import Membership
from qiao.org.membership.queries.register import RegisterPage, register_page, standing_of, standings_of
from qiao.org.units.models import Unit


def look_at_register(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    text: str = "",
    employment: str = "",
    retained: bool = False,
    after: str = "",
) -> RegisterPage:
    """A page of the register of a unit with all below it, logged.

    Raises Refused without ``member.list`` at the unit.
    """
    require(actor, "member.list", unit.path)
    with atomic():
        found = register_page(unit.path, text=text, employment=employment, retained=retained, after=after)
        audit.record(
            actor=actor,
            now=now,
            action="member.list",
            code=unit.label,
            unit_path=unit.path,
            detail={"shown": len(found.rows), "searched": bool(text), "employment": employment},
        )
    return found


@dataclass(frozen=True, slots=True)
class MemberFile:
    """What an officer sees of one member: the standing now and those before. There is nothing else to see."""

    standing: Membership
    history: tuple[Membership, ...]


def look_at_member(*, actor: Actor, now: datetime, number: int) -> MemberFile | None:
    """One member's standing, logged; None where nobody with standing has this number.

    Raises Refused without ``member.list`` at the member's unit.
    """
    standing = standing_of(number)
    if standing is None:
        return None
    require(actor, "member.list", standing.unit.path)
    with atomic():
        audit.record(
            actor=actor,
            now=now,
            action="member.look",
            code=standing.unit.label,
            unit_path=standing.unit.path,
            detail={"person": number},
        )
    return MemberFile(standing, tuple(standings_of(number)))
