"""The register of what is asked of the base (S14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.upward.models import ReportDemand
from qiao.org.upward.rules.settings import REPORT_LIFE, REPORT_NOTICE

#: What was asked this long before its registration is taken over as it is; what is younger ends an old one.
TAKEN_OVER_AFTER = timedelta(days=180)


def register_demand(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    purpose: Localized,
    asked_of: UnitKind,
    minutes: int,
    times: int,
    begins: date,
    ends: date,
    replaces: ReportDemand | None = None,
    existing_since: date | None = None,
) -> ReportDemand:
    """Register a form or report asked of units below: with owner, purpose, sunset and a week's notice.

    A new one ends an old one of the same unit on the day it begins; only what was asked for half a year already may
    be taken over without. Raises Refused without ``report.demand`` at the unit, Problem where one of these is missing.
    """
    require(actor, "report.demand", unit.path)
    if actor.account_id is None:
        raise Problem("A report has a named owner.")
    today = timezone.localdate(now)
    notice = value_of(REPORT_NOTICE, path=unit.path, on=today)
    life = value_of(REPORT_LIFE, path=unit.path, on=today)
    if not title or not purpose:
        raise Problem("Say what is asked and what for.")
    if minutes < 1 or times < 1:
        raise Problem("Say how many minutes one filling takes and how often a year it is asked.")
    if existing_since is None:
        if begins < today + timedelta(days=notice):
            raise Problem(
                "The base learns of it %(days)d days before: it begins on %(day)s at the earliest.",
                days=notice,
                day=(today + timedelta(days=notice)).isoformat(),
            )
        if replaces is None:
            raise Problem("A new report ends an old one: choose which.")
    elif existing_since > today - TAKEN_OVER_AFTER:
        raise Problem("Only what was asked before %(day)s is taken over.", day=(today - TAKEN_OVER_AFTER).isoformat())
    if not begins < ends <= begins + timedelta(days=life * 31):
        raise Problem("It ends by itself within %(months)d months of its beginning: set that day.", months=life)
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if replaces is not None:
            replaces = _ended(replaces.pk, unit, begins, today)
        demand = ReportDemand.objects.create(
            code=next_code("F"),
            unit=unit,
            title=title,
            purpose=purpose,
            asked_of=asked_of,
            minutes=minutes,
            times=times,
            owner=Account.objects.get(pk=actor.account_id),
            announced=now,
            begins=begins,
            ends=ends,
            existing_since=existing_since,
            replaces=replaces,
        )
        audit.record(
            actor=actor,
            now=now,
            action="report.register",
            code=demand.code,
            unit_path=unit.path,
            detail={"replaces": replaces.code if replaces else ""},
        )
    return demand


def end_demand(*, actor: Actor, now: datetime, code: str) -> ReportDemand:
    """Stop asking for a report from tomorrow on. Ending what has ended changes nothing.

    Raises Refused without ``report.demand`` at its unit.
    """
    with atomic():
        demand = ReportDemand.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "report.demand", demand.unit.path)
        last = max(timezone.localdate(now), demand.begins) + timedelta(days=1)
        if demand.ends > last:
            demand.ends = last
            demand.save(update_fields=["ends"])
            audit.record(actor=actor, now=now, action="report.end", code=code, unit_path=demand.unit.path)
    return demand


def _ended(pk: int, unit: Unit, day: date, today: date) -> ReportDemand:
    old = ReportDemand.objects.select_for_update().get(pk=pk)
    if old.unit_id != unit.pk or old.ends <= today or ReportDemand.objects.filter(replaces=old).exists():
        raise Problem("The old report must be one of %(unit)s, in force, and not replaced yet.", unit=unit.label)
    old.ends = min(old.ends, max(day, old.begins + timedelta(days=1)))
    old.save(update_fields=["ends"])
    return old
