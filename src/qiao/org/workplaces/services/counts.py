"""Headcounts: entered with their day and source, never changed, put right by a counter-entry."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.workplaces.choices import CountSource
from qiao.org.workplaces.models import EmployerHeadcount
from qiao.org.workplaces.rules.cells import MOST_WORKERS
from qiao.org.workplaces.services.employers import locked_employer


def enter_headcount(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    day: date,
    direct: int,
    agency: int = 0,
    platform: int = 0,
    source: CountSource,
) -> EmployerHeadcount:
    """Enter how many work for an employer as of a day. The same count of the same day entered twice is kept once.

    Raises Refused without ``employer.count`` at its place (a base union's own officers do not count their employer),
    Problem for a day to come or numbers that cannot be, or where the day has another count already.
    """
    _check(day, timezone.localdate(now), direct, agency, platform)
    with atomic():
        employer = locked_employer(actor, code, "employer.count")
        standing = (
            EmployerHeadcount.objects.filter(employer=employer, day=day, corrected_by__isnull=True, withdraws=False)
            .order_by("-pk")
            .first()
        )
        if standing is not None:
            if (standing.direct, standing.agency, standing.platform) == (direct, agency, platform):
                return standing
            raise Problem(
                "There is a headcount of %(day)s already: %(total)d.",
                hint="Put that one right with a reason, or enter another day.",
                day=day,
                total=standing.total,
            )
        count = EmployerHeadcount.objects.create(
            employer=employer, day=day, direct=direct, agency=agency, platform=platform, source=source,
            by_id=actor.account_id, entered=now,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="employer.count", code=code, unit_path=employer.place.path,
            detail={"day": day.isoformat(), "total": count.total, "source": str(source)},
        )  # fmt: skip
    return count


def correct_headcount(
    *,
    actor: Actor,
    now: datetime,
    count_id: int,
    reason: str,
    direct: int = 0,
    agency: int = 0,
    platform: int = 0,
    source: CountSource = CountSource.RETURN,
    withdraw: bool = False,
) -> EmployerHeadcount:
    """Take a headcount back by a counter-entry with a reason; new numbers take its place unless ``withdraw``.

    The former entry stays to be read. Raises Refused without ``employer.count`` at the place, Problem without a reason
    or where somebody has put it right already.
    """
    reason = " ".join(reason.split())[:300]
    if len(reason) < 4:
        raise Problem("Say why this headcount is put right.")
    found = EmployerHeadcount.objects.filter(pk=count_id).select_related("employer").order_by("pk").first()
    if found is None:
        raise Problem("There is no such headcount.")
    _check(found.day, timezone.localdate(now), direct, agency, platform)
    with atomic():
        employer = locked_employer(actor, found.employer.code, "employer.count")
        later = EmployerHeadcount.objects.filter(corrects_id=count_id).order_by("pk").first()
        if later is not None or found.withdraws:
            if later is not None and (later.direct, later.agency, later.platform, later.withdraws) == (
                direct, agency, platform, withdraw,
            ):  # fmt: skip
                return later
            raise Problem(
                "This headcount has been put right already.", hint="Look at the newest entry of the same day."
            )
        numbers = (0, 0, 0) if withdraw else (direct, agency, platform)
        count = EmployerHeadcount.objects.create(
            employer=employer, day=found.day, direct=numbers[0], agency=numbers[1], platform=numbers[2],
            source=source, by_id=actor.account_id, entered=now, corrects_id=count_id, withdraws=withdraw, reason=reason,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="employer.recount", code=employer.code, unit_path=employer.place.path,
            detail={"corrects": count_id, "total": count.total, "withdraws": withdraw},
        )  # fmt: skip
    return count


def _check(day: date, today: date, *numbers: int) -> None:
    require_plausible(day)
    if day > today:
        raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
    for number in numbers:
        if number < 0:
            raise Problem("A headcount cannot be negative: %(number)d.", number=number)
        if number > MOST_WORKERS:
            raise Problem("%(number)d workers at one employer cannot be meant.", number=number)
