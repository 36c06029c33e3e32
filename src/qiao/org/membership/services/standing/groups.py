"""Union groups: cells within a base union, each with a leader who sees its list and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.models import Membership, UnionGroup
from qiao.org.people.models import Account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit


def found_group(*, actor: Actor, now: datetime, unit: Unit, name: str) -> UnionGroup:
    """Found a union group; one of the name there is one already. Raises Refused without ``member.admit``, Problem."""
    require(actor, "member.admit", unit.path)
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Problem("Write a name of at most 80 signs.")
    if unit.kind not in (UnitKind.BASE, UnitKind.JOINT_BASE):
        raise Problem("Union groups are cells of base unions.")
    with atomic():
        group, fresh = UnionGroup.objects.get_or_create(unit=unit, name=name)
        if fresh:
            _written(actor, now, "group.found", group)
    return group


def set_leader(*, actor: Actor, now: datetime, group_id: int, leader: Account | None) -> UnionGroup:
    """Name the leader of a group, or none. Raises Refused without ``member.admit`` at the unit."""
    with atomic():
        group = _locked(group_id)
        require(actor, "member.admit", group.unit.path)
        if group.leader_id != (leader.pk if leader else None):
            group.leader = leader
            group.save(update_fields=["leader"])
            _written(actor, now, "group.leader", group, leader=leader.pk if leader else None)
    return group


def assign_group(*, actor: Actor, now: datetime, membership_id: int, group_id: int | None) -> Membership:
    """Put a member into a group of their unit, or out of any. Raises Refused without ``member.admit``, Problem."""
    with atomic():
        member = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
        require(actor, "member.admit", member.unit.path)
        if member.until is not None or member.state not in HOLDING:
            raise Problem("Only who takes part belongs to a group.")
        if (
            group_id is not None
            and not UnionGroup.objects.filter(pk=group_id, unit_id=member.unit_id, closed__isnull=True).exists()
        ):
            raise Problem("This is no group of the member's unit.")
        if member.group_id != group_id:
            member.group_id = group_id
            member.save(update_fields=["group"])
            audit.record(
                actor=actor, now=now, action="group.assign", code=member.unit.label, unit_path=member.unit.path,
                detail={"membership": member.pk, "group": group_id},
            )  # fmt: skip
    return member


def close_group(*, actor: Actor, now: datetime, group_id: int) -> UnionGroup:
    """Close a group; its members stay members of the unit. Raises Refused without ``member.admit``."""
    with atomic():
        group = _locked(group_id)
        require(actor, "member.admit", group.unit.path)
        if group.closed is None:
            group.closed, group.leader = timezone.localdate(now), None
            group.save(update_fields=["closed", "leader"])
            Membership.objects.filter(group=group).update(group=None)
            _written(actor, now, "group.closed", group)
    return group


def _locked(group_id: int) -> UnionGroup:
    return UnionGroup.objects.select_for_update(of=("self",)).select_related("unit").get(pk=group_id)


def _written(actor: Actor, now: datetime, action: str, group: UnionGroup, **detail: object) -> None:
    audit.record(
        actor=actor, now=now, action=action, code=group.unit.label, unit_path=group.unit.path,
        detail={"group": group.pk, **detail},
    )  # fmt: skip
