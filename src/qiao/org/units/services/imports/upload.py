"""Taking in a table of units: what is denied is dropped before anything is stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
from django.db import connection

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.denylist import SHARE, match_header, value_class
from qiao.base.problems import Place, Problem
from qiao.base.tables import Sheet, open_sheet
from qiao.org.units.choices import BatchState
from qiao.org.units.models import Unit, UnitBatch, UnitColumn, UnitRow
from qiao.org.units.rules import takes_in
from qiao.org.units.rules.columns import Field, guess_field, is_known, normal_header

MOST_ROWS = 300_000
MOST_COLUMNS = 60
MOST_BYTES = 60_000_000
_MOST_SIGNS = 400


def upload_units(*, actor: Actor, now: datetime, unit: Unit, file: Path) -> UnitBatch:
    """Stage a table of units that are to stand below ``unit``.

    Columns that the deny-list names, by header or by what stands in them, are not stored; the batch keeps their
    headers and how many cells were filled, never a value. The file is read twice: nothing is kept before the whole of
    each column was looked at.

    Raises Refused without ``unit.found`` at the unit, Problem (located) for a file that cannot be read, is too large,
    or has no column left.
    """
    require(actor, "unit.found", unit.path)
    if not takes_in(unit):
        raise Problem("%(unit)s takes nothing in: it is closed, closing, or not approved yet.", unit=unit.label)
    sheet = open_sheet(file, known=is_known, max_bytes=MOST_BYTES)
    if len(sheet.names) > MOST_COLUMNS:
        raise _too_much(sheet.place)
    total, filled, denied = _look_through(sheet)
    dropped: list[dict[str, object]] = []
    kept: list[int] = []
    for index, header in enumerate(sheet.names):
        kind = match_header(header)
        by_value = denied[index] >= max(1.0, SHARE * filled[index])
        if kind or by_value:
            dropped.append({"header": header, "kind": kind.value if kind else "", "rows": filled[index]})
        elif header:
            kept.append(index)
    if not kept:
        raise Problem("No column is left.", place=sheet.place, hint="Use the template.")
    with atomic():
        batch = UnitBatch.objects.create(
            code=next_code("I"), unit=unit, source=(sheet.place.source or "")[:200],
            sheet=(sheet.place.sheet or "")[:120], columns=_columns(sheet, kept, filled, unit), dropped=dropped,
            rows_total=total, uploaded_by_id=actor.account_id, uploaded=now,
        )  # fmt: skip
        _stage(batch, sheet, kept)
        audit.record(actor=actor, now=now, action="unit.import_upload", code=batch.code, unit_path=unit.path,
                     detail={"rows": total, "columns": len(kept), "dropped": len(dropped)})  # fmt: skip
    return batch


def discard_units(*, actor: Actor, now: datetime, code: str) -> UnitBatch:
    """Throw a batch away that is not confirmed, with its rows. Twice changes nothing."""
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.DISCARDED:
            return batch
        if batch.state not in (BatchState.MATCHING, BatchState.STAGED):
            raise Problem("This import is confirmed or undone already.")
        batch.rows.all().delete()
        batch.state = BatchState.DISCARDED
        batch.save(update_fields=["state"])
        audit.record(actor=actor, now=now, action="unit.import_discard", code=code, unit_path=batch.unit.path)
    return batch


def locked_batch(actor: Actor, code: str) -> UnitBatch:
    """The batch, held until the transaction ends. Raises Refused without ``unit.found`` at its unit, Problem without
    such a batch."""
    batch = UnitBatch.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if batch is None:
        raise Problem("There is no import with this code: %(code)s.", code=code)
    require(actor, "unit.found", batch.unit.path)
    return batch


def _look_through(sheet: Sheet) -> tuple[int, list[int], list[int]]:
    """Rows in all; filled and denied cells of each column. Raises Problem for cells nobody can mean."""
    width = len(sheet.names)
    total, filled, denied = 0, [0] * width, [0] * width
    for rows in sheet.batches():
        total += rows.cells.num_rows
        if total > MOST_ROWS:
            raise _too_much(sheet.place)
        for index in range(width):
            column = rows.cells.column(index)
            long = pc.index(pc.greater(pc.utf8_length(column), _MOST_SIGNS), value=True).as_py()
            if long >= 0:
                raise Problem(
                    "This cell has more than %(most)d signs.",
                    place=Place(
                        sheet.place.source, sheet.place.sheet, int(rows.numbers[long]), sheet.names[index] or None
                    ),
                    hint="Look whether a quote is missing, or leave the column out.",
                    most=_MOST_SIGNS,
                )
            for entry in pc.value_counts(pc.utf8_trim_whitespace(column)).to_pylist():
                if entry["values"]:
                    filled[index] += entry["counts"]
                    denied[index] += entry["counts"] if value_class(entry["values"]) else 0
    if not total:
        raise Problem(
            "The file has a header row but no data rows.",
            place=sheet.place,
            hint="Add at least one row below the names of the columns.",
        )
    return total, filled, denied


def _columns(sheet: Sheet, kept: list[int], filled: list[int], unit: Unit) -> list[dict[str, object]]:
    """Header, filled cells and the field it is taken for: as matched last time here, else as it is called."""
    remembered = dict(UnitColumn.objects.filter(unit=unit).order_by().values_list("header", "field"))
    taken: set[str] = set()
    columns: list[dict[str, object]] = []
    for index in kept:
        header = sheet.names[index]
        field = remembered.get(normal_header(header))
        if field is None:
            field = (guess_field(header) or "") and str(guess_field(header))
        if field not in Field.values or field in taken:
            field = ""
        taken.add(field)
        columns.append({"header": header, "filled": filled[index], "field": field})
    return columns


def _stage(batch: UnitBatch, sheet: Sheet, kept: list[int]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {UnitRow._meta.db_table} (batch_id, row, cells, read, faults, good) FROM STDIN") as copy,
    ):
        copy.set_types(["int8", "int4", "text[]", "jsonb", "jsonb", "bool"])
        for rows in sheet.batches():
            columns = [[cell.replace("\0", "") for cell in rows.cells.column(index).to_pylist()] for index in kept]
            for number, cells in zip(rows.numbers, zip(*columns, strict=True), strict=True):
                copy.write_row((batch.pk, int(number), list(cells), {}, [], False))


def _too_much(where: Place) -> Problem:
    return Problem(
        "At most %(rows)s rows and %(columns)d columns are taken at once.",
        place=where,
        hint="Split the table, or leave out columns that are not needed.",
        rows=f"{MOST_ROWS:,}",
        columns=MOST_COLUMNS,
    )
