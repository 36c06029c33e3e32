"""The boards of an upper unit: elections overdue and chairs vacant below it, with days, by unit directly below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from qiao.org.elections.models import Election
from qiao.org.elections.rules import OPEN
from qiao.org.mandates.choices import Post
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.queries import overdue_terms
from qiao.org.mandates.rules import CHAIR_VACANCY, days_over, is_base, months_later
from qiao.org.settings.queries import ruling
from qiao.org.units.choices import WORKING
from qiao.org.units.models import Unit

#: How many rows a page shows; the workbook holds all.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A unit whose term is over and whose next committee is not elected."""

    unit: Unit
    below: Unit | None
    until: date
    days: int
    election_code: str


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A unit without a chair: since when, and whether longer than the setting allows (``over`` days beyond it)."""

    unit: Unit
    below: Unit | None
    since: date
    days: int
    over: int


@dataclass(frozen=True, slots=True)
class Share:
    """Overdue units among the active ones of one unit directly below."""

    unit: Unit
    overdue: int
    vacant: int
    active: int

    @property
    def is_base(self) -> bool:
        """Whether nothing stands below it, so that it has no board of its own."""
        return is_base(self.unit.kind)

    @property
    def rate(self) -> float | None:
        """Overdue ÷ active; None where none is active."""
        return self.overdue / self.active if self.active else None


@dataclass(frozen=True, slots=True)
class Board:
    """What an upper unit sees on one page. ``months``: the longest vacancy the setting allows here."""

    active: int
    overdue: int
    vacant: int
    vacant_over: int
    months: int
    shares: tuple[Share, ...]
    rows: tuple[OverdueRow, ...]
    vacancies: tuple[VacancyRow, ...]

    @property
    def rate(self) -> float | None:
        """Units past their term ÷ active units (C01); None where none is active."""
        return self.overdue / self.active if self.active else None


def overdue_board(unit: Unit, today: date, *, limit: int | None = SHOWN) -> Board:
    """Overdue elections and vacant chairs in the subtree of a unit: a fixed number of queries.

    ``limit`` cuts the rows shown, never the counts; None gives all.
    """
    children = list(unit.children.exclude(state="closed").order_by("kind", "label"))
    by_path = {child.path: child for child in children}
    depth = len(unit.path) + 5
    active = Counter(path[:depth] for path in _working(unit.path).order_by().values_list("path", flat=True))
    terms = list(
        overdue_terms(unit.path, today).filter(committee__unit__state__in=WORKING).select_related("committee__unit")
    )
    planned = _planned(term.committee.unit_id for term in terms)
    rows = [
        OverdueRow(
            unit=term.committee.unit,
            below=by_path.get(term.committee.unit.path[:depth]),
            until=term.until,
            days=days_over(term.until, today),
            election_code=planned.get(term.committee.unit_id, ""),
        )
        for term in terms
    ]
    months = ruling(CHAIR_VACANCY, path=unit.path, on=today).value
    gaps = vacancies(unit.path, today, months=months, by_path=by_path, depth=depth)
    late = Counter(row.unit.path[:depth] for row in rows)
    empty = Counter(row.unit.path[:depth] for row in gaps if row.over)
    return Board(
        active=sum(active.values()),
        overdue=len(rows),
        vacant=len(gaps),
        vacant_over=sum(1 for row in gaps if row.over),
        months=months,
        shares=tuple(
            Share(child, late[child.path], empty[child.path], active[child.path])
            for child in children
            if active[child.path]
        ),
        rows=tuple(rows[:limit]),
        vacancies=tuple(gaps[:limit]),
    )


def vacancies(
    path: str, today: date, *, months: int, by_path: dict[str, Unit] | None = None, depth: int = 0
) -> list[VacancyRow]:
    """Active units of a subtree in which nobody is chair (nor the one organiser of a small union), longest first.

    A unit that never had a chair here counts from its founding: nobody knows better.
    """
    heads = Mandate.objects.filter(unit=OuterRef("pk"), post__in=[Post.CHAIR, Post.ORGANISER], since__lte=today)
    units = (
        _working(path)
        .filter(~Exists(heads.filter(Q(until__isnull=True) | Q(until__gt=today))))
        .annotate(last=Max("mandates__until", filter=Q(mandates__post=Post.CHAIR)))
        .order_by("path")
    )
    rows = []
    for unit in units:
        since: date = unit.last or unit.founded
        rows.append(
            VacancyRow(
                unit=unit,
                below=(by_path or {}).get(unit.path[:depth]),
                since=since,
                days=days_over(since, today),
                over=days_over(months_later(since, months), today),
            )
        )
    return sorted(rows, key=lambda row: (row.since, row.unit.path))


def overdue_counts(path: str, today: date) -> tuple[int, int]:
    """Units past their term, and active units, in a subtree: two queries."""
    return overdue_terms(path, today).filter(committee__unit__state__in=WORKING).count(), _working(path).count()


def _working(path: str) -> QuerySet[Unit]:
    return Unit.objects.filter(path__startswith=path, state__in=WORKING)


def _planned(unit_ids: Iterable[int]) -> dict[int, str]:
    """Open elections of these units, by unit."""
    return dict(
        Election.objects.filter(unit_id__in=list(unit_ids), kind="union", state__in=OPEN)
        .order_by("pk")
        .values_list("unit_id", "code")
    )
