"""Groups: the crossing of one or more columns, for which figures are given one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qiao_stats.estimation.arrays import BoolArray, Column, IntArray, check_length, combine, encode


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """``codes`` (n,): the group of each row, −1 for none; ``keys``: per group the value of each grouping column."""

    codes: IntArray
    keys: tuple[dict[str, object], ...]

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.keys)


def make_groups(by: Mapping[str, Column], *, rows: int, where: BoolArray | None = None) -> Groups:
    """Cross the columns. Only combinations that occur (within ``where``) become groups; a row that lacks a value is in
    none.

    Groups are ordered as a spreadsheet would sort them: by the first column, then the second. An Arrow dictionary
    column keeps the order of its dictionary.

    Raises:
        StatsError: a column does not have ``rows`` rows.
    """
    codes = np.zeros(rows, dtype=np.int64) if where is None else np.where(where, 0, -1)
    keys: list[dict[str, object]] = [{}]
    for name, values in by.items():
        level, labels = encode(values)
        check_length(level, column=name, rows=rows)
        # Missing (−1) becomes code 0 of both, so that the pair can be told from all others.
        both, first, second = combine(codes + 1, level + 1, len(labels) + 1)
        known = (first > 0) & (second > 0)
        keys = [{**keys[a - 1], name: labels[b - 1]} for a, b in zip(first[known], second[known], strict=True)]
        codes = np.where(known, np.cumsum(known) - 1, -1)[both]
    return Groups(codes, tuple(keys))
