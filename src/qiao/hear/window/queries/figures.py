"""The figures of the windows: for everybody by unit, with small cells hidden; nowhere a ranking of offices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.utils.timezone import get_default_timezone, localdate

from qiao.base.cells import disarmed
from qiao.hear.window.choices import OPEN, RUNNING, Outcome, State
from qiao.hear.window.models import LineDay, Request
from qiao.hear.window.rules.settings import PHONE_SECONDS, PHONE_SHARE
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.models import Unit

#: Requests are complaints: below this number nothing is shown (handbook P7).
SMALLEST_CELL = 10


@dataclass(frozen=True, slots=True)
class Share:
    """A share with what it is a share of; ``value`` None where too few stand behind it."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None below the smallest cell."""
        return self.part / self.of if self.of >= SMALLEST_CELL else None


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a span of days (handbook C05), each with its n.

    ``solved``: askers saying solved of those reached. ``on_time``: answered by the promised day of all answered.
    ``reopened``: of all answered. ``silence``: not reached of those closed after a call-back. ``first_visit``: settled
    at the first visit or call, of what came to counter or telephone. ``not_retold``: solved without telling it again,
    of those who said so. ``days``: mean days to the first real answer, and of how many.
    """

    received: int
    solved: Share
    partly: Share
    on_time: Share
    reopened: Share
    silence: Share
    first_visit: Share
    not_retold: Share
    still_solved: Share
    days: float | None
    answered: int


def measures(*, path: str, since: date, until: date, now: datetime) -> Measures:
    """The measures of requests received in these days below ``path``. One query."""
    del now
    zone = get_default_timezone()
    first, last = datetime.combine(since, time.min, zone), datetime.combine(until, time.max, zone)
    rows = Request.objects.filter(body__path__startswith=path, received__gte=first, received__lte=last)
    rows = rows.exclude(state=State.LINKED)
    done = Q(first_answer__isnull=False)
    reached = Q(outcome__in=[Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT_SOLVED])
    at_window = Q(channel__in=["counter", "phone"])
    late = Q(answered__isnull=False, answered__gt=F("due"))
    found = rows.aggregate(
        all=Count("pk"),
        replied=Count("pk", filter=done),
        in_time=Count("pk", filter=Q(answered__isnull=False) & ~late),
        with_answer=Count("pk", filter=Q(answered__isnull=False)),
        reached=Count("pk", filter=reached),
        solved=Count("pk", filter=Q(outcome=Outcome.SOLVED)),
        partly=Count("pk", filter=Q(outcome=Outcome.PARTLY)),
        silent=Count("pk", filter=Q(outcome=Outcome.NOT_REACHED)),
        said=Count("pk", filter=~Q(outcome="")),
        again=Count("pk", filter=Q(reopened__gt=0)),
        at_window=Count("pk", filter=at_window),
        settled=Count("pk", filter=at_window & Q(first_visit=True)),
        told=Count("pk", filter=Q(retold__isnull=False)),
        not_retold=Count("pk", filter=Q(retold=False, outcome=Outcome.SOLVED)),
        asked_again=Count("pk", filter=Q(follow_up__still_solved__isnull=False)),
        still=Count("pk", filter=Q(follow_up__still_solved=True)),
        wait=Avg(F("first_answer") - F("received"), filter=done),
    )
    wait: timedelta | None = found["wait"]
    enough = found["replied"] >= SMALLEST_CELL and wait is not None
    return Measures(
        received=found["all"],
        solved=Share(found["solved"], found["reached"]),
        partly=Share(found["partly"], found["reached"]),
        on_time=Share(found["in_time"], found["with_answer"]),
        reopened=Share(found["again"], found["replied"]),
        silence=Share(found["silent"], found["said"]),
        first_visit=Share(found["settled"], found["at_window"]),
        not_retold=Share(found["not_retold"], found["told"]),
        still_solved=Share(found["still"], found["asked_again"]),
        days=wait.total_seconds() / 86400 if enough and wait is not None else None,
        answered=found["replied"],
    )


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Open and overdue requests of a unit with all below it; None where hidden."""

    unit: Unit
    open: int | None
    overdue: int | None


def overdue_counts(*, now: datetime) -> tuple[list[UnitCount], int, int]:
    """Open and overdue requests by the units right below the top, in tree order, and both totals.

    Cells below `SMALLEST_CELL` are hidden; so that none can be computed back from the total, the smallest shown one
    goes with a single hidden one. No order by success: offices are not ranked. Three queries.
    """
    top = federation_path()
    units = list(Unit.objects.filter(parent__path=top).order_by("path"))
    opened: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    rows = (
        Request.objects.filter(state__in=OPEN)
        .values_list("body__path")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(state__in=RUNNING, due__lt=now)))
        .order_by()
    )
    for path, n, late in rows:
        key = path[:10]
        opened[key] += n
        overdue[key] += late
    total, late_total = sum(opened.values()), sum(overdue.values())
    shown_open = _hidden({unit.path: opened[unit.path] for unit in units} | _rest(opened, units))
    shown_late = _hidden({unit.path: overdue[unit.path] for unit in units} | _rest(overdue, units))
    counts = [UnitCount(unit, shown_open[unit.path], shown_late[unit.path]) for unit in units]
    return counts, total, late_total


def _rest(counts: Counter[str], units: list[Unit]) -> dict[str, int]:
    """What lies with the top itself: it could be computed back like any cell."""
    known = {unit.path for unit in units}
    return {"": sum(n for path, n in counts.items() if path not in known)}


def _hidden(cells: dict[str, int]) -> dict[str, int | None]:
    small = {key for key, n in cells.items() if 0 < n < SMALLEST_CELL}
    if len(small) == 1:
        rest = sorted((n, key) for key, n in cells.items() if key not in small and n)
        if rest:
            small.add(rest[0][1])
    return {key: None if key in small else n for key, n in cells.items()}


@dataclass(frozen=True, slots=True)
class LineFigures:
    """The telephone line of the last days: calls, those that got through, those answered in time, and the goals."""

    offered: int
    connected: int
    in_time: int
    seconds: int
    goal: float

    @property
    def share(self) -> float | None:
        """Calls that got through, 0 to 1."""
        return self.connected / self.offered if self.offered else None

    @property
    def quick(self) -> float | None:
        """Calls answered in time, of those that got through."""
        return self.in_time / self.connected if self.connected else None


def line_figures(*, path: str, now: datetime, days: int = 90) -> LineFigures:
    """The line of the last days below ``path``."""
    day = localdate(now)
    rows = LineDay.objects.filter(unit__path__startswith=path, day__gt=day - timedelta(days=days))
    found = rows.aggregate(offered=Sum("offered"), connected=Sum("connected"), in_time=Sum("in_time"))
    return LineFigures(
        found["offered"] or 0, found["connected"] or 0, found["in_time"] or 0,
        value_of(PHONE_SECONDS, path=path, on=day), value_of(PHONE_SHARE, path=path, on=day),
    )  # fmt: skip


def sheet_rows(rows: QuerySet[Request]) -> list[list[object]]:
    """Requests as cells of a sheet: no words, no names, no contacts."""
    return [
        [
            row.code, row.get_kind_display(), row.get_topic_display(), row.get_channel_display(),
            row.get_state_display(), row.get_time_class_display(), disarmed(str(row.body)),
            disarmed(row.handler.display_name) if row.handler else "",
            localdate(row.received), localdate(row.due), localdate(row.answered) if row.answered else None,
            row.get_outcome_display() if row.outcome else "",
        ]
        for row in rows
    ]  # fmt: skip
