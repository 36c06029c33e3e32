"""The public board: every project with its clock, its money and its next milestone, and the timeline figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from qiao.deliver.programmes.choices import ENDED, LIVE, State
from qiao.deliver.programmes.models import Milestone, Project
from qiao.deliver.programmes.rules import Clock, clock, is_late
from qiao.org.units.models import Unit

#: States in which a date that is over counts as overdue.
TICKING = (State.PLANNED, State.RUNNING)


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What of the board is shown: a unit's subtree, a state, only what is overdue."""

    path: str = ""
    state: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One project as the board shows it."""

    project: Project
    clock: Clock | None
    late: bool
    next_milestone: Milestone | None
    next_clock: Clock | None
    late_milestones: int
    over_budget: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What the board adds up to."""

    number: int
    running: int
    late: int
    awaiting: int
    budget: Decimal
    spent: Decimal


def board(shown: BoardFilter, *, today: date) -> QuerySet[Project]:
    """The projects of the board: what still runs first, by the date it is due. Rows come from `board_rows`."""
    found = Project.objects.select_related("unit", "owner").prefetch_related("milestones")
    if shown.path:
        found = found.filter(unit__path__startswith=shown.path)
    if shown.state in State.values:
        found = found.filter(state=shown.state)
    if shown.overdue:
        found = found.filter(overdue_condition(today))
    ended = Case(When(state__in=ENDED, then=Value(1)), default=Value(0), output_field=IntegerField())
    return found.annotate(has_ended=ended).order_by("has_ended", "due", "pk")


def overdue_condition(today: date) -> Q:
    """Projects whose own day, or whose open milestone's day, is over."""
    open_late = Milestone.objects.filter(project=OuterRef("pk"), progress__lt=100, due__lt=today)
    return Q(state__in=TICKING) & (Q(due__lt=today) | Q(Exists(open_late)))


def board_rows(projects: Iterable[Project], *, today: date) -> list[BoardRow]:
    """The projects with what the dates say today; asks the database nothing where milestones are prefetched."""
    return [_row(project, today) for project in projects]


def _row(project: Project, today: date) -> BoardRow:
    ticking = project.state in TICKING
    milestones = sorted(project.milestones.all(), key=lambda each: (each.due, each.position))
    waiting = [each for each in milestones if each.progress < 100]
    coming = waiting[0] if ticking and waiting else None
    return BoardRow(
        project=project,
        clock=clock(starts=project.starts, due=project.due, today=today) if ticking else None,
        late=is_late(state=project.state, due=project.due, today=today),
        next_milestone=coming,
        next_clock=clock(starts=project.starts, due=coming.due, today=today) if coming else None,
        late_milestones=sum(1 for each in waiting if each.due < today) if ticking else 0,
        over_budget=project.spent > project.budget,
    )


def totals(*, today: date) -> Totals:
    """Numbers above the board, over all projects, in one query."""
    row = Project.objects.aggregate(
        number=Count("pk"),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        late=Count("pk", filter=overdue_condition(today)),
        awaiting=Count("pk", filter=Q(state=State.VERIFIED)),
        budget=Sum("budget", filter=~Q(state=State.STOPPED)),
        spent=Sum("spent"),
    )
    return Totals(**{**row, "budget": row["budget"] or Decimal(0), "spent": row["spent"] or Decimal(0)})


def units_with_projects() -> QuerySet[Unit]:
    """Units responsible for a project, in tree order."""
    return Unit.objects.filter(Exists(Project.objects.filter(unit=OuterRef("pk")))).order_by("path")


def lines_behind(projects: Collection[Project]) -> dict[str, frozenset[str]]:
    """For each project its code, its decision, its own proposal and all that proposal came out of: one query for all.

    The walk goes through the proposal alone. A decision adopts many: walking back through it, the need behind one
    project would stand for its sisters too, and a project nobody asked for would not be seen.
    """
    sql = """
        WITH RECURSIVE back(origin, code) AS (
            SELECT * FROM unnest(%s::text[], %s::text[])
            UNION SELECT back.origin, link.source FROM base_link link JOIN back ON link.target = back.code
        ) SELECT origin, code FROM back
    """
    lines = {project.code: {project.code, project.decision_code} for project in projects}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(lines), [project.proposal_code for project in projects]])
        for origin, code in cursor.fetchall():
            lines[origin].add(code)
    return {origin: frozenset(line) for origin, line in lines.items()}


@dataclass(frozen=True, slots=True)
class Bar:
    """One project on the timeline; positions are per cent of the width."""

    project: Project
    left: str
    width: str
    done: str
    marks: tuple[tuple[str, bool], ...]
    late: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month on the axis."""

    left: str
    day: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The timeline figure: bars, months, today's line; positions are per cent of the width."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: str


def timeline(projects: Iterable[Project], *, today: date, most: int = 24) -> Timeline | None:
    """The figure of the projects still alive, at most ``most``; None where none is."""
    shown = [project for project in projects if project.state in LIVE][:most]
    if not shown:
        return None
    first = min([today, *(project.starts for project in shown)]) - timedelta(days=7)
    last = max([today, *(project.due for project in shown)]) + timedelta(days=14)
    days = (last - first).days

    def place(day: date) -> float:
        return 100 * (day - first).days / days

    bars = []
    for project in shown:
        length = max(place(project.due) - place(project.starts), 0.8)
        marks = tuple((_percent(place(each.due)), each.progress == 100) for each in project.milestones.all())
        bars.append(
            Bar(
                project,
                _percent(place(project.starts)),
                _percent(length),
                _percent(length * project.progress / 100),
                marks,
                is_late(state=project.state, due=project.due, today=today),
            )
        )
    ticks = tuple(Tick(_percent(place(day)), day) for day in _months(first, last))
    return Timeline(tuple(bars), ticks, _percent(place(today)))


def _months(first: date, last: date) -> list[date]:
    """First days of months between the two, thinned out to four at most: on a phone their names must not touch."""
    days = []
    day = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    # A name that begins in the last sixth of the width would leave it.
    while day <= last - (last - first) / 6:
        days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return days[:: -(-len(days) // 4) or 1]


def _percent(value: float) -> str:
    return f"{value:.2f}%"
