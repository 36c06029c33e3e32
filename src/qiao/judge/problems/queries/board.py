"""The public ledger: counts, lists, one problem's page. No person stands in any of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.deadlines import Span, SpanUnit
from qiao.base.deadlines import before as so_long_before
from qiao.judge.problems.choices import ENDED_STATES, OPEN_STATES, PUBLIC_STATES, Say, Source, State, Tendency
from qiao.judge.problems.models import Entry, Extension, RemedyStep, Verdict
from qiao.judge.problems.rules.settings import LONG_AFTER, REPEAT_MONTHS
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.models import Unit

#: What opens problems that are not public yet.
OFFICE = ("problem.accept", "problem.verify", "problem.record")
#: Words of fewer people are not counted out: they could be told one by one (handbook P7).
SMALLEST_CELL = 5
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of C26 below a path.

    ``mended``: of those closed after a recheck by those who raised it, how many were never opened again; ``settled``:
    rechecks that came to a result. ``age``: median days open. ``repeats``: come back within the months of the setting.
    """

    raised: int
    waiting: int
    open: int
    overdue: int
    long_standing: int
    reopened: int
    closed: int
    declined: int
    repeats: int
    mended: int
    settled: int
    age: int | None

    @property
    def mended_share(self) -> float | None:
        """Rechecks that came to “mended” of all that came to a result; None below the smallest cell."""
        return self.mended / self.settled if self.settled >= SMALLEST_CELL else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    entry: Entry
    overdue: bool
    long_standing: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What those asked said in one turn; counts are None where they are too few to be told."""

    turn: int
    asked: int
    said: int | None
    mended: int | None
    partly: int | None
    not_mended: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One problem as everybody reads it."""

    entry: Entry
    overdue: bool
    long_standing: bool
    steps: tuple[RemedyStep, ...]
    former_steps: tuple[RemedyStep, ...]
    extensions: tuple[Extension, ...]
    said: tuple[Said, ...]
    above: tuple[Verdict, ...]
    repeats: tuple[Entry, ...]
    moves: tuple[tuple[datetime, str, dict[str, str]], ...]


def measures(path: str, *, now: datetime) -> Measures:
    """The measures below ``path``. Three queries, whatever the number of units."""
    top, today = federation_path(), localdate(now)
    long_before = now - timedelta(days=value_of(LONG_AFTER, path=top, on=today))
    since = so_long_before(now, Span(value_of(REPEAT_MONTHS, path=top, on=today), SpanUnit.MONTHS))
    rows = Entry.objects.filter(unit__path__startswith=path)
    open_ones = Q(state__in=OPEN_STATES)
    found = rows.aggregate(
        n_raised=Count("pk"),
        n_waiting=Count("pk", filter=Q(state=State.RAISED)),
        n_open=Count("pk", filter=open_ones),
        n_overdue=Count("pk", filter=open_ones & Q(due__lt=now)),
        n_long=Count("pk", filter=open_ones & Q(raised__lt=long_before)),
        n_reopened=Count("pk", filter=Q(reopened__gt=0)),
        n_closed=Count("pk", filter=Q(state=State.CLOSED)),
        n_declined=Count("pk", filter=Q(state=State.DECLINED)),
        n_repeats=Count("pk", filter=Q(repeat_of__isnull=False, raised__gte=since)),
        n_mended=Count("pk", filter=Q(state__in=[State.RECHECKED, State.CLOSED])),
    )
    again = sum(rows.filter(reopened__gt=0).values_list("reopened", flat=True))
    ages = sorted((now - raised).days for raised in rows.filter(open_ones).values_list("raised", flat=True))
    return Measures(
        raised=found["n_raised"], waiting=found["n_waiting"], open=found["n_open"], overdue=found["n_overdue"],
        long_standing=found["n_long"], reopened=found["n_reopened"], closed=found["n_closed"],
        declined=found["n_declined"], repeats=found["n_repeats"], mended=found["n_mended"],
        settled=found["n_mended"] + again,
        age=ages[len(ages) // 2] if ages else None,
    )  # fmt: skip


def seen_by(actor: Actor) -> QuerySet[Entry]:
    """Public problems, those an office of the actor's opens, and those the actor raised or answers for."""
    condition = Q(state__in=PUBLIC_STATES)
    for action in OFFICE:
        for path in actor.paths(action):
            condition |= Q(unit__path__startswith=path)
    return Entry.objects.filter(condition)


def listed_rows(
    actor: Actor, *, now: datetime, path: str = "", state: str = "", tendency: str = "", source: str = "",
    page: int = 1, find: str = "",
) -> tuple[list[Row], int]:  # fmt: skip
    """A page of the list, newest first, and how many there are; never by how well an office does."""
    rows = seen_by(actor).filter(unit__path__startswith=path)
    if state == "open":
        rows = rows.exclude(state__in=ENDED_STATES)
    elif state == "overdue":
        rows = rows.filter(state__in=OPEN_STATES, due__lt=now)
    elif state in State.values:
        rows = rows.filter(state=state)
    if tendency in Tendency.values:
        rows = rows.filter(tendency=tendency)
    if source in Source.values:
        rows = rows.filter(source=source)
    if find:
        rows = rows.filter(Q(unit__label__iexact=find) | Q(code__iexact=find) | Q(title__icontains=find))
    total = rows.count()
    first = (max(page, 1) - 1) * SHOWN
    long_before = _long_before(now)
    found = rows.select_related("unit", "owner_unit").order_by("-raised", "-pk")[first : first + SHOWN]
    return [_row(one, now=now, long_before=long_before) for one in found], total


def entry_by_code(code: str, actor: Actor) -> Entry:
    """The problem; raises Entry.DoesNotExist where there is none or it is not the actor's to see."""
    rows = seen_by(actor).select_related("unit", "owner_unit", "owner", "repeat_of")
    return rows.get(code=code)


def entry_page(entry: Entry, *, now: datetime) -> Page:
    """Everything public about one problem. Words of fewer than `SMALLEST_CELL` people are not counted out."""
    steps = list(entry.steps.all())
    asked = entry.voices.count()
    counts = Counter(
        (turn, say) for turn, say in Verdict.objects.filter(entry=entry, voice__isnull=False).values_list("turn", "say")
    )
    turns = sorted({turn for turn, _say in counts})
    row = _row(entry, now=now, long_before=_long_before(now))
    open_turn = entry.turn if entry.state == State.CLAIMED else None
    return Page(
        entry=entry,
        overdue=row.overdue,
        long_standing=row.long_standing,
        steps=tuple(step for step in steps if step.turn == entry.turn),
        former_steps=tuple(step for step in steps if step.turn < entry.turn),
        extensions=tuple(entry.extensions.all()),
        # No count while those asked still speak.
        said=tuple(_said(turn, counts, asked) for turn in turns if turn != open_turn),
        above=tuple(Verdict.objects.filter(entry=entry, by__isnull=False).select_related("unit").order_by("turn")),
        repeats=tuple(Entry.objects.filter(repeat_of=entry, state__in=PUBLIC_STATES).order_by("raised")),
        moves=tuple(
            (move.at, str(State(move.after).label), move.ground)
            for move in entry.moves.exclude(after=State.DECLINED)
        ),
    )  # fmt: skip


def earlier_of(entry: Entry, *, now: datetime) -> list[Entry]:
    """Problems of the same union it may repeat: of the last months, not declined, newest first; 50 at most."""
    months = value_of(REPEAT_MONTHS, path=entry.unit.path, on=localdate(now))
    since = so_long_before(now, Span(months, SpanUnit.MONTHS))
    rows = Entry.objects.filter(unit=entry.unit).exclude(pk=entry.pk).exclude(state=State.DECLINED)
    return list(rows.filter(Q(closed__isnull=True) | Q(closed__gte=since)).order_by("-raised")[:50])


def counts_by_unit(path: str, *, now: datetime) -> list[tuple[Unit, int, int]]:
    """Open and overdue problems of the units right below ``path`` with all beneath them, in tree order. Two queries."""
    width = len(path) + 5
    units = list(Unit.objects.filter(parent__path=path).order_by("path"))
    opened: Counter[str] = Counter()
    late: Counter[str] = Counter()
    rows = (
        Entry.objects.filter(unit__path__startswith=path, state__in=OPEN_STATES)
        .annotate(overdue=Count("pk", filter=Q(due__lt=now)))
        .values_list("unit__path", "overdue")
    )
    for unit_path, overdue in rows:
        opened[unit_path[:width]] += 1
        late[unit_path[:width]] += overdue
    return [(unit, opened[unit.path], late[unit.path]) for unit in units]


def _long_before(now: datetime) -> datetime:
    days = value_of(LONG_AFTER, path=federation_path(), on=localdate(now))
    return now - timedelta(days=days)


def _row(entry: Entry, *, now: datetime, long_before: datetime) -> Row:
    is_open = entry.state in OPEN_STATES
    return Row(
        entry,
        overdue=is_open and entry.due is not None and entry.due < now,
        long_standing=is_open and entry.raised < long_before,
    )


def _said(turn: int, counts: Counter[tuple[int, str]], asked: int) -> Said:
    parts = [counts[turn, say] for say in (Say.MENDED, Say.PARTLY, Say.NOT_MENDED)]
    total = sum(parts)
    shown = total >= SMALLEST_CELL and not any(0 < part < SMALLEST_CELL for part in parts)
    mended, partly, other = parts if shown else (None, None, None)
    return Said(turn, asked, total if total >= SMALLEST_CELL else None, mended, partly, other)


def by_age(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same problems, what is due first on top; without a clock last."""
    return rows.order_by(F("due").asc(nulls_last=True), "pk")
