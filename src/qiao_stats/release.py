"""Which figures of a survey may be released: all tables of one question together, over everybody and by every grouping.

A question's tables share their sums: the line over everybody is the sum of the rows of each table. A reader is taken to
know every count behind a shown figure exactly (in a census a share times its n is one), the size of every shown group,
and that what is not shown adds up. Hidden are counts from 1 to below the threshold and as many more as it takes until
each hidden one could lie anywhere in a range of at least the threshold:

1. Over everybody the options form a line with a known sum (`qiao_stats.disclosure.suppress_line`). Options hidden there
   are hidden in every table; each table then knows them as one column, whose sum can be computed.
2. Rows in which so few were asked that even their number stays hidden count as one row, whose sum can be computed.
3. What is left is a table all of whose sums are known (`qiao_stats.disclosure.suppress`). Rows that are no group (not
   known, or too small) are part of it: what is not shown could be computed from the rest.

Tables of one question have only the line over everybody in common, and that is fixed: what protects a cell in each
table protects it in all together. Where no choice of cells can be found, every cell of the table is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.disclosure import suppress, suppress_line
from qiao_stats.errors import StatsError

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One question by one grouping: ``counts`` (rows, options) who chose, ``silent`` (rows,) who did not answer.

    The rows are a partition of everybody: groups, and what is none. ``filtered``: the question is put on a condition,
    so that not having answered tells something. ``forced`` (rows,): rows hidden anyway.
    """

    counts: IntArray
    silent: IntArray
    threshold: int
    filtered: bool = False
    forced: BoolArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """What is hidden: ``question`` as a whole, ``total`` (options,) over everybody, per table ``cells`` (rows, options)
    and ``bases`` (rows,): rows in which even the number asked is hidden."""

    question: bool
    total: BoolArray
    cells: tuple[BoolArray, ...]
    bases: tuple[BoolArray, ...]


def hidden_groups(sizes: npt.ArrayLike, *, threshold: int) -> BoolArray:
    """Of groups (n,), a partition of a known number, those whose size is not told. Raises StatsError below 0."""
    line = np.asarray(sizes, dtype=np.int64)
    if line.size == 1:
        return np.zeros(1, dtype=np.bool_)
    return suppress_line(line, threshold=threshold).hidden


def release(tables: Sequence[Table], total: npt.ArrayLike, silent: int, *, threshold: int) -> Released:
    """What of a question with one option each stays hidden.

    Args:
        tables: the question by each grouping.
        total: how many of everybody (options,) chose each option.
        silent: how many did not answer.
        threshold: smallest count shown over everybody; each table has its own.

    Raises:
        StatsError: counts below 0, a table whose rows do not add up to the total.
    """
    line = np.asarray(total, dtype=np.int64)
    asked = [table.counts.sum(axis=1) for table in tables]
    if _secret(tables, line, asked, int(line.sum()), silent, threshold):
        return _everything(tables, line.size)
    bases = tuple(_bases(own, table) for own, table in zip(asked, tables, strict=True))
    hidden, cells = _options(line, [(table.counts, table.threshold) for table in tables], bases, threshold)
    return Released(False, hidden, cells, bases)


def release_several(
    tables: Sequence[Table], asked: Sequence[npt.ArrayLike], total: npt.ArrayLike, answered: int, silent: int,
    *, threshold: int,
) -> Released:  # fmt: skip
    """As `release` for several options each: ``asked`` has per table the number (rows,) that answered at all.

    Each option is a table of its own (chosen or not); whether anybody answered is shared by all of them.
    """
    line = np.asarray(total, dtype=np.int64)
    rows = [np.asarray(each, dtype=np.int64) for each in asked]
    if _secret(tables, line, rows, answered, silent, threshold):
        return _everything(tables, line.size)
    bases = tuple(_bases(own, table) for own, table in zip(rows, tables, strict=True))
    hidden = np.zeros(line.size, np.bool_)
    cells = tuple(np.zeros(table.counts.shape, np.bool_) for table in tables)
    for place in range(line.size):
        pairs = [
            (np.stack([table.counts[:, place], own - table.counts[:, place]], axis=1), table.threshold)
            for own, table in zip(rows, tables, strict=True)
        ]
        both, masks = _options(np.array([line[place], answered - line[place]]), pairs, bases, threshold)
        hidden[place] = bool(both.any())
        for mask, cell in zip(masks, cells, strict=True):
            cell[:, place] = mask.any(axis=1)
    return Released(False, hidden, cells, bases)


def _secret(
    tables: Sequence[Table], line: IntArray, asked: Sequence[IntArray], answered: int, silent: int, threshold: int
) -> bool:
    """Whether not even the number of answers may be told; raises StatsError where tables and total do not fit."""
    for table, own in zip(tables, asked, strict=True):
        fits = bool((table.counts.sum(axis=0) == line).all()) and int(own.sum()) == answered
        if not fits or int(table.silent.sum()) != silent:
            raise StatsError("The rows of a table do not add up to the line over everybody.")
    filtered = any(table.filtered for table in tables)
    return answered < threshold or (filtered and 0 < silent < threshold)


def _everything(tables: Sequence[Table], options: int) -> Released:
    return Released(
        True, np.ones(options, np.bool_), tuple(np.ones(table.counts.shape, np.bool_) for table in tables),
        tuple(np.ones(table.silent.shape, np.bool_) for table in tables),
    )  # fmt: skip


def _bases(asked: IntArray, table: Table) -> BoolArray:
    """The rows in which even the number of answers is hidden."""
    forced = np.zeros(asked.shape, np.bool_) if table.forced is None else table.forced
    small = (asked > 0) & (asked < table.threshold)
    if not (table.filtered or small.any() or forced.any()):
        return np.zeros(asked.shape, np.bool_)
    both = np.stack([asked, table.silent], axis=1)
    needy = np.stack([small | forced, small | forced], axis=1) & (both > 0)
    hidden = suppress(both, threshold=table.threshold, forced=needy).hidden
    return np.asarray(hidden.any(axis=1) | forced)


def _options(
    line: IntArray, tables: Sequence[tuple[IntArray, int]], bases: Sequence[BoolArray], threshold: int
) -> tuple[BoolArray, tuple[BoolArray, ...]]:
    hidden = suppress_line(line, threshold=threshold).hidden
    return hidden, tuple(_table(counts, hidden, rows, own) for (counts, own), rows in zip(tables, bases, strict=True))


def _table(counts: IntArray, columns: BoolArray, rows: BoolArray, threshold: int) -> BoolArray:
    """Hidden cells (rows, options), given the options hidden over everybody and the rows without a number."""
    mask = np.zeros(counts.shape, np.bool_)
    mask[rows, :] = True
    mask[:, columns] = True
    shown_rows, shown_columns = np.flatnonzero(~rows), np.flatnonzero(~columns)
    if not shown_rows.size or not shown_columns.size:
        return mask
    reduced = counts
    if columns.any():
        reduced = np.concatenate([counts[:, ~columns], counts[:, columns].sum(axis=1, keepdims=True)], axis=1)
    else:
        reduced = counts[:, ~columns]
    if rows.any():
        reduced = np.concatenate([reduced[~rows], reduced[rows].sum(axis=0, keepdims=True)], axis=0)
    found = suppress(reduced, threshold=threshold)
    mask[np.ix_(shown_rows, shown_columns)] = found.hidden[: shown_rows.size, : shown_columns.size]
    return mask
