"""What CSV and spreadsheets share: checks of the header row and the making of the Arrow table."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from qiao.base.problems import Place, Problem

SOURCE, SHEET, DROPPED = b"qiao.source", b"qiao.sheet", b"qiao.dropped_rows"


def clean_header(cells: Sequence[str], where: Place) -> list[str]:
    """The column names, stripped of blanks. Raises Problem for an empty or a doubled name."""
    names = [cell.strip() for cell in cells]
    if not any(names):
        raise Problem(
            "The first row is empty, but it must hold the names of the columns.",
            place=Place(where.source, where.sheet, 1),
            hint="Put one name above each column.",
        )
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if not name:
            raise Problem(
                "Column number %(position)s has no name.",
                place=Place(where.source, where.sheet, 1),
                hint="Give every column a name in the first row, or delete the column.",
                position=position,
            )
        if name in seen:
            raise Problem(
                "Columns number %(first)s and %(second)s have the same name, “%(name)s”.",
                place=Place(where.source, where.sheet, 1, name),
                hint="Rename one of them.",
                first=seen[name],
                second=position,
                name=name,
            )
        seen[name] = position
    return names


def check_required(names: Sequence[str], required: Sequence[str], where: Place) -> None:
    """Raise one Problem that names every missing column and lists those present."""
    missing = [name for name in dict.fromkeys(required) if name not in names]
    if missing:
        raise Problem(
            "Missing column: %(missing)s. The file has these columns: %(present)s.",
            place=Place(where.source, where.sheet, 1),
            hint="Name a column as it stands in the first row.",
            missing=", ".join(missing),
            present=", ".join(names),
        )


def finish(table: pa.Table, where: Place) -> pa.Table:
    """Drop rows in which every cell is empty and note source, sheet and the dropped rows in the table's metadata.

    A table of one column keeps its empty cells: there they are missing values, not empty lines.
    """
    dropped: list[int] = []
    if table.num_columns > 1 and table.num_rows:
        empty = None
        for name in table.column_names:
            blank = pc.equal(pc.utf8_trim_whitespace(table[name]), "")
            empty = blank if empty is None else pc.and_(empty, blank)
            if not pc.any(empty).as_py():
                break
        else:
            dropped = [index + 2 for index in pc.indices_nonzero(empty).to_pylist()]
            table = table.filter(pc.invert(empty))
    if not table.num_rows:
        raise Problem(
            "The file has a header row but no data rows.",
            place=Place(where.source, where.sheet),
            hint="Add at least one row below the names of the columns.",
        )
    notes = {SOURCE: where.source or "", SHEET: where.sheet or "", DROPPED: json.dumps(dropped)}
    return table.replace_schema_metadata(notes)
