"""Taking in a table: what may not be kept is sorted out before anything touches the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.denylist import SHARE, DeniedClass, match_header, value_class
from qiao.base.problems import Place, Problem
from qiao.base.tables import Sheet, open_sheet
from qiao.org.membership.choices import ChunkKind, Field
from qiao.org.membership.models import ImportBatch
from qiao.org.membership.queries.imports import remembered
from qiao.org.membership.rules import guess_field, is_known, is_staff, normal_header, not_needed
from qiao.org.membership.services.imports.chunks import write_chunk
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

MOST_ROWS = 1_000_000
MOST_COLUMNS = 60
MOST_BYTES = 200_000_000
_MOST_SIGNS = 400
#: The signs without which no denied value is written: all others need no closer look.
_SUSPECT = "[族众眾衆党黨團团]"


def upload_table(*, actor: Actor, now: datetime, unit: Unit, file: Path) -> ImportBatch:
    """Stage a table of members for a unit with all below it, sealed.

    Columns that the deny-list names, by header or by what stands in them, and columns the register has no use for
    (addresses, bank accounts, health …) are not stored; the batch keeps their headers and how many cells were filled,
    never a value. The file is read twice, so that nothing is kept before the whole of each column was looked at;
    memory does not grow with it.

    Raises Refused without ``member.admit`` at the unit, Problem (located) for a file that cannot be read, is too
    large, has no column left, or is an employer's staff list.
    """
    require(actor, "member.admit", unit.path)
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    sheet = open_sheet(file, known=is_known, max_bytes=MOST_BYTES)
    if len(sheet.names) > MOST_COLUMNS:
        raise _too_much(sheet.place)
    looks = [_Look(name) for name in sheet.names]
    total = _look_through(sheet, looks)
    dropped, kept = _sorted_out(looks)
    _refuse_staff_list(sheet, [looks[index].header for index in kept])
    if not kept:
        raise Problem("No column is left that the register may hold.", place=sheet.place, hint="Use the template.")
    columns = _columns([looks[index] for index in kept], unit)
    with atomic():
        batch = ImportBatch.objects.create(
            code=next_code("I"),
            unit=unit,
            source=sheet.place.source or "",
            sheet=sheet.place.sheet or "",
            columns=columns,
            dropped=dropped,
            rows_total=total,
            uploaded_by_id=actor.account_id,
            uploaded=now,
        )
        _stage(batch, sheet, kept)
        audit.record(
            actor=actor, now=now, action="import.upload", code=batch.code, unit_path=unit.path,
            detail={"rows": total, "columns": len(kept), "dropped": len(dropped)},
        )  # fmt: skip
    return batch


@dataclass(slots=True)
class _Look:
    """What a look through one column found; no value is kept."""

    header: str
    filled: int = 0
    denied: Counter[DeniedClass] = field(default_factory=Counter)


def _look_through(sheet: Sheet, looks: Sequence[_Look]) -> int:
    """Count filled and denied cells of each column; how many rows there are."""
    total = 0
    for rows in sheet.batches():
        total += rows.cells.num_rows
        if total > MOST_ROWS:
            raise _too_much(sheet.place)
        for index, look in enumerate(looks):
            column = rows.cells.column(index)
            look.filled += rows.cells.num_rows - int(pc.sum(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py() or 0)
            _check_cells(sheet, look, column, rows.numbers)
            for value in column.filter(pc.match_substring_regex(column, _SUSPECT)).to_pylist():
                denied = _value_class(value)
                if denied is not None:
                    look.denied[denied] += 1
    if not total:
        raise Problem(
            "The file has a header row but no data rows.",
            place=sheet.place,
            hint="Add at least one row below the names of the columns.",
        )
    for position, look in enumerate(looks, start=1):
        if not look.header and look.filled:
            raise Problem(
                "Column number %(position)s has no name.",
                place=Place(sheet.place.source, sheet.place.sheet, sheet.header[1]),
                hint="Give every column a name in the first row, or delete the column.",
                position=position,
            )
    return total


@lru_cache(maxsize=4096)
def _value_class(value: str) -> DeniedClass | None:
    return value_class(value)


def _check_cells(sheet: Sheet, look: _Look, column: pa.Array, numbers: npt.NDArray[np.int32]) -> None:
    long = pc.index(pc.greater(pc.utf8_length(column), _MOST_SIGNS), value=True).as_py()
    if long >= 0:
        raise Problem(
            "This cell has more than %(most)d signs.",
            place=Place(sheet.place.source, sheet.place.sheet, int(numbers[long]), look.header or None),
            hint="Look whether a quote is missing, or leave the column out.",
            most=_MOST_SIGNS,
        )
    zero = pc.index(pc.match_substring(column, "\0"), value=True).as_py()
    if zero >= 0:
        raise Problem(
            "This column holds zero bytes.",
            place=Place(sheet.place.source, sheet.place.sheet, int(numbers[zero]), look.header or None),
        )


def _sorted_out(looks: Sequence[_Look]) -> tuple[list[dict[str, object]], list[int]]:
    """The columns that are dropped (header, class, filled cells), and the places of those kept.

    A column denied by what stands in it is ``quarantined``: it was not stored either, and whoever matches says yes.
    """
    dropped: list[dict[str, object]] = []
    kept: list[int] = []
    for index, look in enumerate(looks):
        if not look.header:
            continue
        by_header = match_header(look.header)
        given_away = look.denied.total() and look.denied.total() >= SHARE * look.filled
        by_value = max(look.denied, key=lambda denied: (look.denied[denied], denied)) if given_away else None
        denied = by_header or by_value
        kind = denied.value if denied else not_needed(look.header)
        if kind is None:
            kept.append(index)
        else:
            dropped.append(
                {"header": look.header, "kind": kind, "denied": denied is not None, "rows": look.filled,
                 "quarantined": by_header is None and by_value is not None}
            )  # fmt: skip
    return dropped, kept


def _refuse_staff_list(sheet: Sheet, headers: Sequence[str]) -> None:
    """An employer's staff list makes nobody a member (handbook C02): no day of joining, but signs of a staff list."""
    if any(guess_field(header) == Field.SINCE for header in headers):
        return
    staff = [name for name in sheet.names if name and is_staff(name)]
    if staff:
        raise Problem(
            "This is an employer's staff list (“%(header)s”), without the day each person joined the union: nobody"
            " becomes a member by it.",
            place=sheet.place,
            hint="Enter the employer under outreach and invite its workers: each of them applies on their own.",
            header=staff[0],
        )


def _columns(looks: Sequence[_Look], unit: Unit) -> list[dict[str, object]]:
    """Header, filled cells and the field it is taken for: as matched last time, else as it is called."""
    known = remembered(unit)
    taken: set[str] = set()
    columns: list[dict[str, object]] = []
    for look in looks:
        found = known.get(normal_header(look.header))
        if found is None:
            guessed = guess_field(look.header)
            found = guessed.value if guessed else ""
        if found in taken or found not in Field.values:
            found = ""
        taken.add(found)
        columns.append({"header": look.header, "filled": look.filled, "field": found})
    return columns


def _stage(batch: ImportBatch, sheet: Sheet, kept: Sequence[int]) -> None:
    names = ["row", *(str(place) for place in range(len(kept)))]
    for number, rows in enumerate(sheet.batches()):
        columns = [pa.array(rows.numbers), *(rows.cells.column(index) for index in kept)]
        write_chunk(batch, ChunkKind.CELLS, number, pa.RecordBatch.from_arrays(columns, names=names))


def _too_much(where: Place) -> Problem:
    return Problem(
        "At most %(rows)s rows and %(columns)d columns are taken at once.",
        place=where,
        hint="Split the table, or leave out columns that are not needed.",
        rows=f"{MOST_ROWS:,}",
        columns=MOST_COLUMNS,
    )
