"""Reading staged imports of employers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.base.i18n import Localized
from qiao.base.problems import Place, Problem
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import BatchState
from qiao.org.workplaces.models import Employer, EmployerBatch, EmployerRow

PAGE = 50


def batch_by_code(unit: Unit, code: str) -> EmployerBatch | None:
    """The import of this unit with this code."""
    return (
        EmployerBatch.objects.filter(unit=unit, code=code)
        .select_related("unit", "uploaded_by", "confirmed_by")
        .order_by("pk")
        .first()
    )


def batches_of(unit: Unit) -> QuerySet[EmployerBatch]:
    """Imports of the unit, newest first."""
    return EmployerBatch.objects.filter(unit=unit).select_related("uploaded_by").order_by("-uploaded")


def waiting_batches(paths: tuple[str, ...]) -> list[EmployerBatch]:
    """Imports of these subtrees that wait for somebody."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path)
    states = [BatchState.UPLOADED, BatchState.MATCHED, BatchState.WAITING]
    return list(EmployerBatch.objects.filter(condition, state__in=states).select_related("unit").order_by("uploaded"))


def employers_tied(batch: EmployerBatch, actor: Actor) -> list[int]:
    """Employers the actor declared a tie to that stand in a batch: known ones in its rows, or entered by it."""
    tied = [tie.employer_id for tie in actor.ties]
    if not tied:
        return []
    known = batch.rows.filter(known_id__in=tied).order_by("known_id").values_list("known_id", flat=True)
    return [
        *(key for key in known if key is not None),
        *Employer.objects.filter(batch=batch, pk__in=tied).order_by("pk").values_list("pk", flat=True),
    ]


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One row as the preview shows it."""

    row: int
    name: str
    reg_code: str
    place: Localized
    workers: int | None
    known: Employer | None
    faults: tuple[Problem, ...]


def staged_rows(batch: EmployerBatch, verdict: str, after: int = 0) -> tuple[list[StagedRow], int]:
    """Rows of one verdict after a row, and after which the next page begins (0 at the end): three queries."""
    found = list(batch.rows.filter(verdict=verdict, row__gt=after).order_by("row")[: PAGE + 1])
    places = Unit.objects.in_bulk({row.read["place"] for row in found if row.read.get("place")})
    known = Employer.objects.in_bulk({row.known_id for row in found if row.known_id})
    rows = [_staged(row, places, known, batch.sheet) for row in found[:PAGE]]
    return rows, found[PAGE - 1].row if len(found) > PAGE else 0


def _staged(row: EmployerRow, places: Mapping[int, Unit], known: Mapping[int, Employer], sheet: str) -> StagedRow:
    numbers = [row.read.get(kind) for kind in ("direct", "agency", "platform")]
    counted = [number for number in numbers if number is not None]
    place = places.get(row.read.get("place") or 0)
    return StagedRow(
        row=row.row,
        name=row.read.get("name") or "",
        reg_code=row.read.get("reg_code") or "",
        place=place.name if place else {},
        workers=sum(counted) if counted else None,
        known=known.get(row.known_id or 0),
        faults=tuple(_fault(fault, sheet, row.row) for fault in row.faults),
    )


def _fault(kept: Mapping[str, Any], sheet: str, row: int) -> Problem:
    place = Place(sheet=sheet or None, row=row, column=kept["column"])
    return Problem(kept["message"], place=place, hint=kept["hint"], **kept["params"])
