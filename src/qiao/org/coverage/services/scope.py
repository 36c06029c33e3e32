"""Stating which employers the rates refer to."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.coverage.models import CoverageScope
from qiao.org.units.models import Unit


def state_scope(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    text: Localized,
    source: str,
    least_workers: int = 0,
    since: date | None = None,
) -> CoverageScope:
    """State the scope of a unit's rates and of all below it; the statement before ends on that day.

    One statement holds on one line of the tree, so that figures of units can be compared: where a unit above has stated
    one it binds, and statements below end with one made above. Written to the ledger: a rate whose base was changed in
    silence says nothing.

    Raises Refused without ``target.set`` at the unit, Problem where a unit above has stated one, nothing is written,
    or the day is to come.
    """
    require(actor, "target.set", unit.path)
    today = timezone.localdate(now)
    since = since or today
    require_plausible(since)
    source = " ".join(source.split())[:200]
    if since > today:
        raise Problem("This day has not come yet: %(day)s.", day=since.isoformat())
    if not text or len(source) < 3:
        raise Problem("Say which employers are meant and which list they stand in.")
    if least_workers < 0:
        raise Problem("A number of workers cannot be negative.")
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        in_force = CoverageScope.objects.filter(Q(until__isnull=True) | Q(until__gt=since))
        prefixes = [unit.path[:end] for end in range(5, len(unit.path), 5)]
        above = in_force.filter(unit__path__in=prefixes).select_related("unit").order_by("unit__path").first()
        if above is not None:
            raise Problem(
                "%(unit)s above has stated the scope: it holds here, too.",
                hint="Ask it to change the statement, so that figures can be compared.",
                unit=above.unit.label,
            )
        for former in in_force.filter(unit__path__startswith=unit.path).select_for_update(of=("self",)).order_by("pk"):
            if former.unit_id == unit.pk and former.since == since:
                if (former.text, former.source, former.least_workers) == (text, source, least_workers):
                    return former
                raise Problem("The scope was stated today already: a statement holds for a day at least.")
            if former.since >= since:
                raise Problem("A statement of %(day)s is in force: the new one must begin later.", day=former.since)
            former.until = since
            former.save(update_fields=["until"])
        scope = CoverageScope.objects.create(
            unit=unit, since=since, text=text, source=source, least_workers=least_workers, by_id=actor.account_id,
            stated=now,
        )  # fmt: skip
        log.append(
            kind="coverage.scope",
            code=unit.label,
            content={
                "unit": unit.label,
                "since": since.isoformat(),
                "text": dict(text),
                "source": source,
                "least_workers": least_workers,
            },
            now=now,
        )
        audit.record(actor=actor, now=now, action="coverage.scope", code=unit.label, unit_path=unit.path)
    return scope
