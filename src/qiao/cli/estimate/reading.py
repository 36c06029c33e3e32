"""Data for analysts' commands: what people hand us as CSV or spreadsheet, and Parquet beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qiao.base.problems import Place, Problem

if TYPE_CHECKING:
    import pyarrow as pa


def read_data(path: Path) -> pa.Table:
    """The table, all columns as text (as :func:`qiao.base.tables.read_table` has them). Raises Problem."""
    from qiao.base.tables import read_table

    if path.suffix.lower() not in (".parquet", ".pq"):
        return read_table(path)
    import pyarrow as pa
    import pyarrow.parquet as pq

    from qiao.base.tables.frame import clean_header, finish
    from qiao.base.tables.workbook import as_text

    where = Place(source=path.name)
    if not path.is_file():
        raise Problem("The file does not exist.", place=where)
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        raise Problem("This is not a Parquet file that can be read.", place=where) from None
    text = pa.large_string()
    columns: list[pa.Array] = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_floating(column.type) or pa.types.is_boolean(column.type) or pa.types.is_nested(column.type):
            cells = (int(cell) if isinstance(cell, bool) else cell for cell in column.to_pylist())
            columns.append(pa.array(["" if cell is None or cell != cell else as_text(cell) for cell in cells], text))
        else:
            columns.append(column.cast(text).fill_null(""))
    names = clean_header(table.column_names, where)
    return finish(pa.table(dict(zip(names, columns, strict=True))), where)
