"""What members say of their own unions: the latest result of each union of a subtree, in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q

from qiao.judge.ratings.choices import RESULT_STATES, Grade, State, Verdict
from qiao.judge.ratings.models import Cell, Rating, Remedy
from qiao.judge.ratings.rules.counting import CellCount, Line, changed, line_of
from qiao_stats.trend import Change

_YEAR = timedelta(days=365)
_WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Rated:
    """One union's latest result: the grade of the whole, the change since the one before, what was mended."""

    rating: Rating
    whole: Line | None
    turnout: float | None
    change: Change | None
    kept: int
    due: int

    @property
    def points(self) -> float | None:
        """The change in percentage points."""
        return None if self.change is None else 100 * self.change.difference


@dataclass(frozen=True, slots=True)
class Counted:
    """Ratings of a subtree in twelve months: with a result, of these with poor points, and void."""

    valid: int
    poor: int
    void: int


def rated(path: str, *, limit: int = 20) -> list[Rated]:
    """The latest result of each union of a subtree, in the order of the tree; ``limit``: those published last.

    Five queries, however many there are.
    """
    results = Rating.objects.filter(state__in=RESULT_STATES, unit__path__startswith=path)
    newest = results.order_by("unit_id", "joint", "-published", "-pk").distinct("unit_id", "joint").values("pk")
    cells = Prefetch("cells", queryset=Cell.objects.filter(point=_WHOLE).order_by("pk"))
    chosen = list(
        Rating.objects.filter(pk__in=newest)
        .select_related("unit")
        .prefetch_related(cells, Prefetch("remedies", queryset=Remedy.objects.order_by("pk")))
        .order_by("-published", "-pk")[:limit]
    )
    earlier = results.filter(unit__in=[one.unit_id for one in chosen]).prefetch_related(cells).order_by("published")
    before: dict[int, Rating] = {}
    latest = {(one.unit_id, one.joint): one for one in chosen}
    for old in earlier:
        now = latest.get((old.unit_id, old.joint))
        if now is not None and old.pk != now.pk:
            before[now.pk] = old
    return [_rated(one, before.get(one.pk)) for one in sorted(chosen, key=lambda one: (one.unit.path, one.pk))]


def _rated(rating: Rating, old: Rating | None) -> Rated:
    whole, verdicts = _whole(rating), [one.verdict for one in rating.remedies.all()]
    past = _whole(old) if old is not None and old.form["version"] == rating.form["version"] else None
    return Rated(
        rating=rating,
        whole=whole,
        turnout=rating.turnout / rating.roll_size if rating.turnout is not None and rating.roll_size else None,
        change=changed(_WHOLE, (old.code, past), (rating.code, whole)) if old and past and whole else None,
        kept=sum(one == Verdict.KEPT for one in verdicts),
        due=len(verdicts) if rating.rechecked else 0,
    )


def _whole(rating: Rating) -> Line | None:
    cells: Iterable[Cell] = rating.cells.all()
    found = [CellCount(Grade(cell.grade), cell.count, cell.few) for cell in cells]
    return line_of(_WHOLE, found, rating.turnout or 0) if found else None


def rating_counts(path: str, *, now: datetime) -> Counted:
    """How many ratings of a subtree had a result in twelve months, and how many were void. One query."""
    valid = Q(state__in=RESULT_STATES, published__gt=now - _YEAR)
    found = Rating.objects.filter(unit__path__startswith=path).aggregate(
        valid=Count("pk", filter=valid),
        poor=Count("pk", filter=valid & Q(poor=True)),
        void=Count("pk", filter=Q(state=State.VOID, voided__gt=now - _YEAR)),
    )
    return Counted(found["valid"], found["poor"], found["void"])
