"""One day's coverage: the four tests of every union, the counts, what is hidden."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.org.coverage.choices import Axis, DayKind
from qiao.org.coverage.models import CoverageCount, CoverageDay, CoverageScope, UnionTest
from qiao.org.coverage.queries.tests import union_tests
from qiao.org.coverage.rules import RETENTION_CHECK
from qiao.org.coverage.rules.days import months_before
from qiao.org.coverage.services.refresh.counts import write_counts
from qiao.org.coverage.services.refresh.hiding import mark_hidden
from qiao.org.membership.choices import ENDED, HOLDING
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.choices import UNBORN, WORKING, UnitKind
from qiao.org.units.models import Unit

#: How many ends of years are kept for the trend.
YEARS = 5


def refresh_nightly(*, actor: Actor, now: datetime) -> int:
    """Compute the coverage of today and of the ends of years not computed yet; older nights go. Twice is harmless.

    Returns how many rows were written. Raises Refused for everybody but the system.
    """
    today = timezone.localdate(now)
    known = set(CoverageDay.objects.filter(kind=DayKind.YEAR_END).order_by("day").values_list("day", flat=True))
    written = 0
    for year in range(today.year - YEARS, today.year):
        day = date(year, 12, 31)
        if day not in known:
            written += refresh_coverage(actor=actor, now=now, day=day)
    return written + refresh_coverage(actor=actor, now=now, day=today)


def refresh_coverage(*, actor: Actor, now: datetime, day: date) -> int:
    """Compute the coverage of one day from the dated records and put it in the place of what was computed before.

    The four tests are those of the last night: they are computed for today only. A day before today is the end of a
    year, of which whole units are kept. Returns how many rows were written. Raises Refused for all but the system.
    """
    require(actor, "coverage.refresh", "")
    today = timezone.localdate(now)
    past = day < today
    path = federation_path()
    months = value_of(RETENTION_CHECK, path=path, on=day)
    joined_to = months_before(day, months)
    with atomic(), connection.cursor() as cursor:
        # One refresh at a time: a second one waits and does the same again.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('coverage.refresh'))")
        CoverageCount.objects.filter(day=day).delete()
        unions = active_unions(day, past=past)
        tests = {} if past else union_tests(frozenset(unions), day)
        if not past:
            UnionTest.objects.all().delete()
            UnionTest.objects.bulk_create(
                [UnionTest(unit_id=key, day=day, in_term=a, reachable=b, active=c, told=d)
                 for key, (a, b, c, d) in tests.items()],
                batch_size=5000,
            )  # fmt: skip
        written = write_counts(
            cursor,
            day=day,
            scopes=_scopes(day),
            tests=tests or dict.fromkeys(unions, (False, False, False, False)),
            months=months,
            joined=(joined_to - timedelta(days=365), joined_to),
            holding=[str(state.value) for state in HOLDING],
            ended=[str(state.value) for state in ENDED],
            axes=[Axis.ALL.value] if past else [str(axis.value) for axis in Axis],
        )
        mark_hidden(cursor, day)
        CoverageDay.objects.update_or_create(
            day=day, defaults={"kind": DayKind.YEAR_END if past else DayKind.NIGHTLY, "made": now}
        )
        if not past:
            old = CoverageDay.objects.filter(kind=DayKind.NIGHTLY, day__lt=day)
            CoverageCount.objects.filter(day__in=old.values("day")).delete()
            old.delete()
        audit.record(actor=actor, now=now, action="coverage.refresh", detail={"day": day.isoformat(), "rows": written})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE coverage_coveragecount; ANALYZE coverage_uniontest")
    return written


def active_unions(day: date, *, past: bool) -> list[int]:
    """Base unions that were active on a day; for a day gone by all that had been founded and were not closed."""
    found = Unit.objects.filter(
        Q(closed__isnull=True) | Q(closed__gt=day), kind__in=[UnitKind.BASE, UnitKind.JOINT_BASE], founded__lte=day
    )
    found = found.exclude(state__in=UNBORN) if past else found.filter(state__in=WORKING)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _scopes(day: date) -> list[tuple[str, int]]:
    """Path and least number of workers of the statements in force, those below another left out."""
    found: list[tuple[str, int]] = []
    for path, least in (
        CoverageScope.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)
        .order_by("unit__path")
        .values_list("unit__path", "least_workers")
    ):
        if not any(path.startswith(above) for above, _least in found):
            found.append((path, least))
    return found
