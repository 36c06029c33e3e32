"""Reading staged imports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from qiao.base.access import Actor
from qiao.base.i18n import Localized
from qiao.base.problems import Place, Problem
from qiao.org.membership.choices import BatchState, Employment, HoldReason, Sign, Verdict
from qiao.org.membership.models import ColumnMemory, ImportBatch, ImportRow
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer

PAGE = 50
#: Beside the verdicts: rows of which something was left out.
NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Column:
    """One stored column: its header, how many cells are filled, the field it is taken for ("" for none)."""

    header: str
    filled: int
    field: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """A batch with its columns."""

    batch: ImportBatch
    columns: tuple[Column, ...]

    @property
    def quarantined(self) -> bool:
        """Whether columns were left out for what stands in them: whoever matches says yes to that."""
        return any(entry.get("quarantined") for entry in self.batch.dropped)


def batch_of(unit: Unit, code: str) -> ImportView | None:
    """The batch of this unit with this code."""
    batch = (
        ImportBatch.objects.filter(unit=unit, code=code)
        .select_related("unit", "uploaded_by", "confirmed_by")
        .order_by("pk")
        .first()
    )
    if batch is None:
        return None
    columns = tuple(
        Column(column["header"], column["filled"], batch.mapping.get(column["header"], column["field"]))
        for column in batch.columns
    )
    return ImportView(batch, columns)


def batches_of(unit: Unit) -> QuerySet[ImportBatch]:
    """Imports of the unit, newest first."""
    return ImportBatch.objects.filter(unit=unit).select_related("uploaded_by", "confirmed_by").order_by("-uploaded")


def ties_in(batch: ImportBatch, actor: Actor) -> list[tuple[str, int]]:
    """Of each tie the actor declared that meets a row of the batch: the path it stands at and the employer."""
    found = []
    for tie in actor.ties:
        rows = batch.rows.exclude(verdict=Verdict.FAULT)
        here = Q(employer_id=tie.employer_id)
        for own in tie.paths:
            here |= Q(unit_id__in=Unit.objects.filter(path__startswith=own).values("pk"))
        if tie.touches(batch.unit.path) or rows.filter(here).exists():
            found.append((batch.unit.path, tie.employer_id))
    return found


def remembered(unit: Unit) -> Mapping[str, str]:
    """Normalised header to field, as this unit last matched them."""
    return dict(ColumnMemory.objects.filter(unit=unit).order_by("pk").values_list("header", "field"))


def verdicts(batch: ImportBatch) -> dict[str, int]:
    """How many staged rows there are of each verdict, and under "other" how many duplicates are other persons."""
    found = dict(batch.rows.order_by().values_list("verdict").annotate(number=Count("pk")))
    counts = {verdict.value: found.get(verdict.value, 0) for verdict in Verdict}
    counts["other"] = batch.rows.filter(verdict=Verdict.DUPLICATE, other_person=True).count()
    counts["noted"] = batch.rows.exclude(verdict=Verdict.FAULT).exclude(notes=[]).count()
    return counts


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One row as the preview shows it."""

    row: int
    name: str
    employment: str
    since: date | None
    until: date | None
    unit_label: str
    unit_name: Localized
    employer: str
    hold: str
    twin_number: int | None
    twin_row: int | None
    twin_elsewhere: bool
    signs: tuple[str, ...]
    same_as_row: int | None
    other_person: bool
    certain: bool
    faults: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of staged rows of one verdict; ``following`` is the row after which the next begins (0 at the end)."""

    rows: tuple[StagedRow, ...]
    following: int


def row_page(batch: ImportBatch, verdict: str, after: int = 0) -> RowPage:
    """Rows of one verdict, or with notes, after row ``after``, in the order of the sheet: three queries at most."""
    wanted = batch.rows.filter(row__gt=after)
    wanted = (
        wanted.exclude(verdict=Verdict.FAULT).exclude(notes=[]) if verdict == NOTED else wanted.filter(verdict=verdict)
    )
    found = list(wanted.order_by("row")[: PAGE + 1])
    units = Unit.objects.in_bulk({row.unit_id for row in found if row.unit_id})
    employers = names_of({row.employer_id for row in found if row.employer_id})
    rows = tuple(
        _staged(row, units.get(row.unit_id or 0), employers.get(row.employer_id or 0, row.employer_text), batch.sheet)
        for row in found[:PAGE]
    )
    return RowPage(rows, found[PAGE - 1].row if len(found) > PAGE else 0)


def _staged(row: ImportRow, unit: Unit | None, employer: str, sheet: str) -> StagedRow:
    return StagedRow(
        row=row.row,
        name=row.name,
        employment=str(Employment(row.employment).label) if row.employment else "",
        since=row.since,
        until=row.until,
        unit_label=unit.label if unit else "",
        unit_name=unit.name if unit else {},
        employer=employer,
        hold=str(HoldReason(row.hold).label) if row.hold else "",
        twin_number=None if row.twin_elsewhere else row.twin_number,
        twin_row=row.twin_row,
        twin_elsewhere=row.twin_elsewhere,
        signs=tuple(str(Sign(sign).label) for sign in row.twin_signs),
        same_as_row=row.same_as_row,
        other_person=row.other_person,
        certain=Sign.IDENTITY in row.twin_signs,
        faults=tuple(_fault(fault, sheet, row.row) for fault in row.faults),
        notes=tuple(_fault(note, sheet, row.row) for note in row.notes),
    )


def names_of(keys: Collection[int]) -> dict[int, str]:
    """The names of these employers."""
    if not keys:
        return {}
    return dict(Employer.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name"))


def _fault(kept: Mapping[str, Any], sheet: str, row: int) -> Problem:
    """A fault as it was kept."""
    text, hint, params, column = (kept[key] for key in ("message", "hint", "params", "column"))
    return Problem(text, hint=hint, place=Place(sheet=sheet or None, row=row, column=column), **params)


def waiting_batches(paths: tuple[str, ...]) -> list[ImportBatch]:
    """Imports in these subtrees that wait for somebody, oldest first."""
    found = ImportBatch.objects.none()
    for path in paths:
        found = found | ImportBatch.objects.filter(unit__path__startswith=path)
    return list(
        found.filter(state__in=[BatchState.UPLOADED, BatchState.MATCHED, BatchState.WAITING])
        .select_related("unit")
        .order_by("uploaded")[:50]
    )
