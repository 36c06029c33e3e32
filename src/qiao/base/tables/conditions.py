"""Conditions on rows, written as people type them: `unit=铸造车间`, `age>=30`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qiao.base.problems import Problem
from qiao.base.tables import frame
from qiao.base.tables.cells import as_number, category, numeric, place

_OPERATOR = re.compile(r"!=|==|<=|>=|=|<|>")
_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def matches(table: pa.Table, condition: str) -> npt.NDArray[np.bool_]:
    """Which rows (n,) satisfy a condition: a column, one of = != < <= > >=, and a value.

    ``=`` and ``!=`` compare as text, or as numbers if the column has no such text; the others compare numbers. A row
    whose cell is missing satisfies no condition.

    Raises:
        Problem: the text is no condition, the column or (for = and !=) the value does not occur, or the value or a
            cell of the column is not a number where numbers are compared.
    """
    column, sign, value = _split(table, condition)
    frame.check_required(table.column_names, [column], place(table))
    if sign in _ORDER:
        bound = as_number(value)
        if bound is None:
            raise Problem(
                "“%(value)s” in “%(condition)s” is not a number.",
                hint="Compare with a number, or write = or != for words.", value=value, condition=condition,
            )  # fmt: skip
        below: npt.NDArray[np.bool_] = _ORDER[sign](numeric(table, column), bound)
        return below
    codes, levels = category(table, column)
    wanted = [code for code, level in enumerate(levels) if level == value]
    number = as_number(value)
    if not wanted and number is not None:
        wanted = [code for code, level in enumerate(levels) if as_number(level) == number]
    if not wanted:
        raise Problem(
            "No row has the value “%(value)s”. The values are: %(levels)s.",
            place=place(table, column=column),
            value=value,
            levels=", ".join(levels[:20]) + (", …" if len(levels) > 20 else ""),
        )
    equal = np.isin(codes, wanted)
    return equal if sign != "!=" else ~equal & (codes >= 0)


def _split(table: pa.Table, condition: str) -> tuple[str, str, str]:
    parts = [
        (condition[: found.start()].strip(), found.group(), condition[found.end() :].strip())
        for found in _OPERATOR.finditer(condition)
    ]
    # A column name may itself contain an operator: prefer the split that names a column.
    for column, sign, value in parts:
        if column in table.column_names:
            return column, sign, value
    if not parts or not parts[0][0]:
        raise Problem(
            "“%(condition)s” is not a condition.",
            hint="Write a column, one of = != < <= > >=, and a value, as in age>=30.", condition=condition,
        )  # fmt: skip
    return parts[0]
