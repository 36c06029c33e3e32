"""Looking at the register: every look leaves a row in the audit log, with how many were shown and never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.org.membership.models import Membership, UnionGroup
from qiao.org.membership.queries.groups import group_list
from qiao.org.membership.queries.register import RegisterPage, register_page, standing_of, standings_of
from qiao.org.people.queries import has_consent
from qiao.org.people.services import note_look
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
    at_home: bool = True


def look_at_member(*, actor: Actor, now: datetime, number: int) -> MemberFile | None:
    """One member's standing, logged and shown to the member; None where nobody with standing has this number.

    A unit sees a person of another unit only with their consent (handbook C02, P6), and then without their history.

    Raises Refused without ``member.list`` at the member's unit, or anywhere with that consent.
    """
    standing = standing_of(number)
    if standing is None:
        return None
    at_home = actor.may("member.list", standing.unit.path)
    if not at_home:
        require(actor, "member.list")
        if not has_consent(number, "see_by_other_unit"):
            raise Refused("only the home unit sees this person")
    with atomic():
        audit.record(
            actor=actor,
            now=now,
            action="member.look",
            code=standing.unit.label,
            unit_path=standing.unit.path,
            detail={"person": number, "at_home": at_home},
        )
        # The member reads it under "who looked at me"; one's own line is nobody's look.
        if actor.person_id != number:
            note_look(
                actor=actor, now=now, person=standing.person, record="register", action="member.list",
                unit_path=standing.unit.path,
            )  # fmt: skip
    return MemberFile(standing, tuple(standings_of(number)) if at_home else (), at_home)


def look_at_group(*, actor: Actor, now: datetime, group: UnionGroup) -> list[tuple[str, str]]:
    """Name and state of each of a group, for its leader only, logged.

    Raises Refused without ``group.read`` at the unit, and for anybody but the leader.
    """
    require(actor, "group.read", group.unit.path)
    if not actor.did(group.leader_id):
        raise Refused("this group has another leader")
    with atomic():
        rows = group_list(group)
        audit.record(
            actor=actor, now=now, action="group.look", code=group.unit.label, unit_path=group.unit.path,
            detail={"group": group.pk, "shown": len(rows)},
        )  # fmt: skip
    return rows
