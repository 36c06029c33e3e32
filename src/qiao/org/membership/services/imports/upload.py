"""Taking in a table: what the register may not hold is dropped before anything is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.denylist import SHARE, DeniedClass, match_header, value_class
from qiao.base.problems import Place, Problem
from qiao.base.tables import frame, place, read_table
from qiao.org.membership.choices import Field
from qiao.org.membership.models import ImportBatch, ImportRow
from qiao.org.membership.queries.imports import remembered
from qiao.org.membership.rules import guess_field, normal_header, not_needed
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_BYTES = 20_000_000
_MOST_SIGNS = 400


def upload_table(*, actor: Actor, now: datetime, unit: Unit, file: Path) -> ImportBatch:
    """Stage a table of members for a unit with all below it.

    Columns that the deny-list names, by header or by what stands in them, and columns the register has no use for
    (identity numbers, contacts, health …) are not stored; the batch keeps their headers and how many cells were
    filled, never a value.

    Raises Refused without ``member.admit`` at the unit, Problem (located) for a file that cannot be read, is too
    large, or has no column left.
    """
    require(actor, "member.admit", unit.path)
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    table = read_table(file, max_bytes=MOST_BYTES)
    where = place(table)
    if table.num_rows > MOST_ROWS or table.num_columns > MOST_COLUMNS:
        raise Problem(
            "At most %(rows)s rows and %(columns)d columns are taken at once.",
            place=where,
            hint="Split the table, or leave out columns that are not needed.",
            rows=f"{MOST_ROWS:,}",
            columns=MOST_COLUMNS,
        )
    dropped, kept = _sorted_out(table)
    if not kept:
        raise Problem("No column is left that the register may hold.", place=where, hint="Use the template.")
    _check_lengths(table, kept)
    columns = _columns(table, kept, unit)
    with atomic():
        batch = ImportBatch.objects.create(
            code=next_code("I"),
            unit=unit,
            source=where.source or "",
            sheet=where.sheet or "",
            columns=columns,
            dropped=dropped,
            rows_total=table.num_rows,
            uploaded_by_id=actor.account_id,
            uploaded=now,
        )
        _stage(batch, table, kept)
        audit.record(
            actor=actor, now=now, action="import.upload", code=batch.code, unit_path=unit.path,
            detail={"rows": table.num_rows, "columns": len(kept), "dropped": len(dropped)},
        )  # fmt: skip
    return batch


def _sorted_out(table: pa.Table) -> tuple[list[dict[str, object]], list[str]]:
    """The columns that are dropped (header, class, filled cells), and the headers of those kept."""
    dropped: list[dict[str, object]] = []
    kept: list[str] = []
    for header in table.column_names:
        denied = match_header(header) or _given_away(table[header])
        kind = denied.value if denied else not_needed(header)
        if kind is None:
            kept.append(header)
        else:
            dropped.append(
                {"header": header, "kind": kind, "denied": denied is not None, "rows": _filled(table[header])}
            )
    return dropped, kept


def _given_away(column: pa.ChunkedArray) -> DeniedClass | None:
    """The denied class a column's values give away; each different value is judged once."""
    found: dict[DeniedClass, int] = {}
    filled = 0
    for entry in pc.value_counts(pc.utf8_trim_whitespace(column)).to_pylist():
        if not entry["values"]:
            continue
        filled += entry["counts"]
        denied = value_class(entry["values"])
        if denied is not None:
            found[denied] = found.get(denied, 0) + entry["counts"]
    if not filled or sum(found.values()) < SHARE * filled:
        return None
    return max(found, key=lambda denied: (found[denied], denied))


def _filled(column: pa.ChunkedArray) -> int:
    return int(pc.sum(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py() or 0)


def _check_lengths(table: pa.Table, kept: list[str]) -> None:
    for header in kept:
        long = pc.greater(pc.utf8_length(table[header]), _MOST_SIGNS)
        if pc.any(long).as_py():
            index = pc.index(long, True).as_py()
            raise Problem(
                "This cell has more than %(most)d signs.",
                place=place(table, index=index, column=header),
                hint="Look whether a quote is missing, or leave the column out.",
                most=_MOST_SIGNS,
            )
        if pc.any(pc.match_substring(table[header], "\0")).as_py():
            raise Problem("This column holds zero bytes.", place=Place(place(table).source, column=header))


def _columns(table: pa.Table, kept: list[str], unit: Unit) -> list[dict[str, object]]:
    """Header, filled cells and the field it is taken for: as matched last time, else as it is called."""
    known = remembered(unit)
    taken: set[str] = set()
    columns: list[dict[str, object]] = []
    for header in kept:
        field = known.get(normal_header(header))
        if field is None:
            guessed = guess_field(header)
            field = guessed.value if guessed else ""
        if field in taken or field not in Field.values:
            field = ""
        taken.add(field)
        columns.append({"header": header, "filled": _filled(table[header]), "field": field})
    return columns


def _stage(batch: ImportBatch, table: pa.Table, kept: list[str]) -> None:
    name = ImportRow._meta.db_table
    rows = _sheet_rows(table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {name} (batch_id, row, cells, verdict, name, employment, other_person, faults) FROM STDIN")
        as copy,
    ):  # fmt: skip
        copy.set_types(["int8", "int4", "text[]", "text", "text", "text", "bool", "text"])
        for chunk in table.select(kept).to_batches(max_chunksize=5000):
            for cells in zip(*(column.to_pylist() for column in chunk.columns), strict=True):
                copy.write_row((batch.pk, next(rows), list(cells), "raw", "", "", False, "[]"))


def _sheet_rows(table: pa.Table) -> Iterator[int]:
    """The number a spreadsheet shows for each row of the table: blank rows were left out in reading, but count."""
    blank = set(json.loads((table.schema.metadata or {}).get(frame.DROPPED, b"[]")))
    return (number for number in count(2) if number not in blank)
