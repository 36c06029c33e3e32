"""What askers say of the requests of a subtree: two years, eight quarters, by unit; each in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left, TruncQuarter

from qiao.hear.window.choices import Outcome, State
from qiao.hear.window.models import Request
from qiao.judge.scorecards.rules.figures import Figure, Moved, figure, moved, told_apart
from qiao.org.units.models import Unit

YEAR = timedelta(days=365)
_REACHED = Q(outcome__in=[Outcome.SOLVED, Outcome.PARTLY, Outcome.NOT_SOLVED])
_PARTS: Mapping[str, tuple[Q, Q]] = {
    "solved": (Q(outcome=Outcome.SOLVED), _REACHED),
    "on_time": (Q(answered__lte=F("due")), Q(answered__isnull=False)),
    "reopened": (Q(reopened__gt=0), Q(answered__isnull=False)),
    "silence": (Q(outcome=Outcome.NOT_REACHED), ~Q(outcome="")),
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What the askers of one unit and all below it say: hidden where too few, or where it would tell a hidden one."""

    unit: Unit
    solved: Figure


def _rows(path: str, topic: str) -> QuerySet[Request]:
    rows = Request.objects.filter(body__path__startswith=path).exclude(state=State.LINKED)
    return rows.filter(topic=topic) if topic else rows


def request_figures(path: str, *, now: datetime, topic: str = "") -> dict[str, Moved]:
    """Solved as the asker says, on time, reopened, silence: the last twelve months beside the twelve before."""
    counts = {}
    for key, (part, base) in _PARTS.items():
        for name, since, until in (("now", now - YEAR, now), ("before", now - 2 * YEAR, now - YEAR)):
            span = Q(received__gt=since, received__lte=until)
            counts[f"{key}_{name}_part"] = Count("pk", filter=span & base & part)
            counts[f"{key}_{name}_of"] = Count("pk", filter=span & base)
    found = _rows(path, topic).filter(received__gt=now - 2 * YEAR).aggregate(**counts)
    return {
        key: moved(
            (found[f"{key}_now_part"], found[f"{key}_now_of"]),
            (found[f"{key}_before_part"], found[f"{key}_before_of"]),
        )
        for key in _PARTS
    }


def solved_now(path: str, *, now: datetime) -> Figure:
    """Solved as the asker says, of the last twelve months: one light query for pages that show this alone."""
    rows = _rows(path, "").filter(_REACHED, received__gt=now - YEAR, received__lte=now)
    found = rows.aggregate(of=Count("pk"), part=Count("pk", filter=Q(outcome=Outcome.SOLVED)))
    return figure(found["part"], found["of"])


def solved_by_quarter(path: str, *, now: datetime, topic: str = "") -> list[tuple[str, Figure]]:
    """Solved as the asker says by quarter of receipt, the last eight; a quarter with too few is left out."""
    rows = (
        _rows(path, topic)
        .filter(received__gt=now - 2 * YEAR, received__lte=now)
        .filter(_REACHED)
        .annotate(quarter=TruncQuarter("received"))
        .values("quarter")
        .annotate(of=Count("pk"), part=Count("pk", filter=Q(outcome=Outcome.SOLVED)))
        .order_by("quarter")
    )
    found = [(f"{row['quarter']:%Y}-{(row['quarter'].month + 2) // 3}", figure(row["part"], row["of"])) for row in rows]
    return [(name, one) for name, one in found if not one.hidden]


def solved_by_unit(unit: Unit, *, now: datetime, topic: str = "") -> list[UnitRow]:
    """Solved as the asker says of the units right below, each with all beneath it, in the order of the tree.

    However many units stand below, the database adds up: two queries.
    """
    width = len(unit.path) + 5
    units = list(Unit.objects.filter(parent=unit).order_by("path"))
    rows = (
        _rows(unit.path, topic)
        .filter(received__gt=now - YEAR, received__lte=now)
        .filter(_REACHED)
        .annotate(below=Left("body__path", width))
        .values("below")
        .annotate(of=Count("pk"), part=Count("pk", filter=Q(outcome=Outcome.SOLVED)))
        .order_by()
    )
    counted = {row["below"]: (row["part"], row["of"]) for row in rows}
    # What lies with the unit itself is a cell of the sum as well.
    hidden = told_apart({path: of for path, (_part, of) in counted.items()})
    nothing = figure(0, 0)
    return [UnitRow(one, nothing if one.path in hidden else figure(*counted.get(one.path, (0, 0)))) for one in units]
