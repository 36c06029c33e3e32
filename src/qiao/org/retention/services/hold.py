"""Holding records back from erasure, until a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold
from qiao.org.retention.rules import rule_by_key
from qiao.org.settings.queries import federation_path

if TYPE_CHECKING:
    from qiao.org.units.models import Unit


def set_hold(
    *,
    actor: Actor,
    now: datetime,
    object_class: str,
    ground: Ground,
    reason: str,
    until: date,
    code: str = "",
    unit: Unit | None = None,
) -> Hold:
    """Hold one object, one unit with all below it, or a whole class back from erasure until a day.

    The same again by the same officer changes nothing. Raises Refused without ``retention.hold`` at the unit (for an
    object or a whole class: at the federation), Problem for an unknown class, an end that is not to come, no reason.
    """
    require(actor, "retention.hold", unit.path if unit else federation_path())
    rule_by_key(object_class)
    require_plausible(until)
    today = localdate(now)
    if until <= today:
        raise Problem("A hold ends on a day to come.")
    if code and unit:
        raise Problem("Name the object or the unit, not both.")
    text = reason.strip()[:400]
    if not text:
        raise Problem("Say why these records are held back.")
    given = {"object_class": object_class, "code": code.strip().upper(), "unit": unit, "ground": Ground(ground),
             "reason": text, "until": until, "set_by_id": actor.account_id}  # fmt: skip
    with atomic():
        again = Hold.objects.filter(**given, since=today, ended_at__isnull=True).first()
        if again:
            return again
        hold = Hold.objects.create(**given, since=today, set_at=now, set_by_name=actor.name)
        audit.record(
            actor=actor, now=now, action="retention.hold", code=f"RH-{hold.pk}", unit_path=unit.path if unit else "",
            detail={"class": object_class, "object": hold.code, "until": until.isoformat(), "ground": hold.ground},
        )  # fmt: skip
    return hold


def end_hold(*, actor: Actor, now: datetime, hold_id: int, reason: str) -> Hold:
    """End a hold before its day, with the reason. Twice changes nothing. Raises Refused as `set_hold`."""
    with atomic():
        hold = Hold.objects.select_for_update(of=("self",)).select_related("unit").get(pk=hold_id)
        require(actor, "retention.hold", hold.unit.path if hold.unit else federation_path())
        if hold.ended_at:
            return hold
        if not reason.strip():
            raise Problem("Say why the hold ends.")
        hold.ended_at, hold.ended_by_id, hold.ended_reason = now, actor.account_id, reason.strip()[:400]
        hold.save(update_fields=["ended_at", "ended_by", "ended_reason"])
        audit.record(
            actor=actor, now=now, action="retention.end_hold", code=f"RH-{hold.pk}",
            unit_path=hold.unit.path if hold.unit else "", detail={"class": hold.object_class},
        )  # fmt: skip
    return hold
