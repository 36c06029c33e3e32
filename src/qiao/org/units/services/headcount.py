"""Headcounts, entered by the unit above."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.models import Headcount, Unit
from qiao.org.units.services.change import require_above


def record_headcount(*, actor: Actor, now: datetime, unit: Unit, day: date, employees: int, source: str) -> Headcount:
    """Enter how many employees there were on a day. Entries stay; a later entry for the same day corrects it.

    Raises Refused without ``unit.change`` at the unit above, Problem without a source or for a day that cannot be.
    """
    require_above(actor, unit)
    source = source.strip()
    if not source:
        raise Problem("Say where the number comes from.")
    if day > localdate(now):
        raise Problem("This day has not come yet: %(day)s.", day=day)
    if day < unit.founded:
        raise Problem("The unit was not founded yet on %(day)s.", day=day)
    with atomic():
        last = unit.headcounts.filter(day=day).first()
        if last is not None and (last.employees, last.source) == (employees, source):
            return last
        made = Headcount.objects.create(
            unit=unit, day=day, employees=employees, source=source, entered=now, entered_by_id=actor.account_id,
            entered_by=actor.name,
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="unit.headcount", code=unit.label, unit_path=unit.path,
                     detail={"day": day.isoformat(), "employees": employees})  # fmt: skip
    return made
