"""Hiding small cells of published tables so that none can be computed back from what is shown.

A two-way table of counts is published with the sums of its rows and columns. A cell is sensitive where it is small,
or where it lacks little of a known upper bound (nearly all who work there are members). Hiding the sensitive cells
alone is not enough: a row with one hidden cell gives it away. Further cells are hidden until every sensitive cell can
move.

Method: the hypercube method. For a sensitive cell (i, j) another row k and column l are sought, and (i, l), (k, j) and
(k, l) are hidden with it. Along such a rectangle an amount d may be added to (i, j) and (k, l) and taken from (i, l)
and (k, j), or the reverse, without any sum changing; the rectangle protects the cell where both movements together
reach the threshold. Of all rectangles that do, the one is taken that hides least in addition.

Sources: R. D. Repsilber, "Preservation of confidentiality in aggregated data", 2nd International Seminar on Statistical
Confidentiality, Luxembourg 1994 (the hypercube method); L. H. Cox, "Suppression methodology and statistical disclosure
control", Journal of the American Statistical Association 75 (1980), 377-385; L. Willenborg, T. de Waal, "Elements of
Statistical Disclosure Control", Springer 2001, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: Smallest count of an ordinary table that is shown, and of a table on health or complaints.
ORDINARY, DELICATE = 5, 10


@dataclass(frozen=True, slots=True)
class Suppression:
    """Which cells are hidden, shape (rows, columns); ``sensitive`` are those the others are hidden for.

    ``protected`` is False where no choice of cells protects every sensitive one while the sums are shown: then all
    cells are hidden, and whoever publishes hides the sums as well.
    """

    hidden: BoolArray
    sensitive: BoolArray
    protected: bool


def sensitive_cells(counts: IntArray, *, threshold: int = ORDINARY, upper: FloatArray | None = None) -> BoolArray:
    """Cells from 1 to below the threshold, and cells that lack less than the threshold of their upper bound.

    ``counts`` and ``upper`` have one shape; ``upper`` is infinite where no bound is known. A cell above its bound is
    sensitive, an empty one (0) is not.
    """
    small = (counts > 0) & (counts < threshold)
    if upper is None:
        return np.asarray(small)
    full = (counts > 0) & (upper - counts < threshold)
    return np.asarray(small | full)


def suppress(
    counts: npt.ArrayLike,
    *,
    threshold: int = ORDINARY,
    upper: npt.ArrayLike | None = None,
    forced: npt.ArrayLike | None = None,
    rows_open: npt.ArrayLike | None = None,
    columns_open: npt.ArrayLike | None = None,
) -> Suppression:
    """Choose the hidden cells of a table (rows, columns) of non-negative counts; one dimension is a table of one row.

    ``upper``: what a reader knows each cell cannot exceed (default: nothing). ``forced``: cells hidden anyway, because
    the sum they belong to is hidden elsewhere. ``rows_open``, ``columns_open``: rows and columns whose sum is published
    nowhere (default: none, all sums are shown).

    Guarantee where ``protected``: with all shown cells and sums known, every sensitive and every forced cell still has
    possible values that lie at least ``threshold`` apart. Raises StatsError for negative counts or shapes that differ.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=np.int64))
    shape = table.shape
    if table.size == 0:
        empty = np.zeros(shape, bool)
        return Suppression(empty, empty, True)
    if bool((table < 0).any()):
        raise StatsError("counts cannot be negative")
    if threshold < 1:
        raise StatsError("the threshold is at least 1")
    bound = np.full(shape, np.inf) if upper is None else np.atleast_2d(np.asarray(upper, dtype=np.float64))
    asked = np.zeros(shape, bool) if forced is None else np.atleast_2d(np.asarray(forced, dtype=bool))
    if bound.shape != shape or asked.shape != shape:
        raise StatsError("counts, upper bounds and forced cells need one shape")
    open_rows, open_columns = _flags(rows_open, shape[0]), _flags(columns_open, shape[1])
    sensitive = sensitive_cells(table, threshold=threshold, upper=bound)
    needy = sensitive | asked
    down, up = _framed(table, bound, open_rows, open_columns)
    hidden = np.zeros((shape[0] + 1, shape[1] + 1), bool)
    # What lies beyond an open sum is hidden already and costs nothing.
    hidden[:-1, -1] = open_rows
    hidden[-1, :-1] = open_columns
    hidden[-1, -1] = True
    hidden[:-1, :-1] = needy
    cost = np.zeros(hidden.shape)
    # Ones beside the counts: of equal amounts the fewer cells are hidden, and empty cells are not free.
    cost[:-1, :-1] = table + 1.0
    # The most sensitive first: what protects them often protects the others.
    for row, column in sorted(zip(*np.nonzero(needy), strict=True), key=lambda cell: int(table[cell])):
        found = _rectangle(int(row), int(column), down, up, hidden, cost, threshold)
        if found is None:
            return Suppression(np.ones(shape, bool), sensitive, False)
        other_row, other_column = found
        for cell in ((row, other_column), (other_row, column), (other_row, other_column)):
            hidden[cell] = True
    return Suppression(hidden[:-1, :-1].copy(), sensitive, True)


def suppress_line(
    counts: npt.ArrayLike,
    *,
    threshold: int = ORDINARY,
    upper: npt.ArrayLike | None = None,
    forced: npt.ArrayLike | None = None,
    sum_open: bool = False,
) -> Suppression:
    """As `suppress` for counts in one line with one sum, which is published unless ``sum_open``; arrays of shape (n,).

    With one sum the range of a hidden cell is exact: it rises by what all other hidden cells can give and falls by what
    they can take. Cells are added, the smallest first, until every needy cell ranges over the threshold. Raises
    StatsError as `suppress` does.
    """
    line = np.asarray(counts, dtype=np.int64)
    if line.ndim != 1 or bool((line < 0).any()):
        raise StatsError("counts cannot be negative")
    if threshold < 1:
        raise StatsError("the threshold is at least 1")
    bound = np.full(line.shape, np.inf) if upper is None else np.asarray(upper, dtype=np.float64)
    asked = np.zeros(line.shape, bool) if forced is None else np.asarray(forced, dtype=bool)
    if bound.shape != line.shape or asked.shape != line.shape:
        raise StatsError("counts, upper bounds and forced cells need one shape")
    sensitive = sensitive_cells(line, threshold=threshold, upper=bound)
    needy = sensitive | asked
    hidden = needy.copy()
    if sum_open or not bool(needy.any()):
        return Suppression(hidden, sensitive, True)
    down, up = line.astype(np.float64), np.maximum(bound - line, 0)
    # The smallest first, empty cells last: they can give nothing.
    waiting = [int(place) for place in np.lexsort((line, line == 0)) if not needy[place]]
    while True:
        # With an infinite bound among the hidden cells "all but this one" cannot be had by subtraction.
        given, taken = _all_but_one(np.where(hidden, down, 0)), _all_but_one(np.where(hidden, up, 0))
        ranges = np.minimum(up, given) + np.minimum(down, taken)
        if bool((ranges[needy] >= threshold).all()):
            return Suppression(hidden, sensitive, True)
        if not waiting:
            return Suppression(np.ones(line.shape, bool), sensitive, False)
        hidden[waiting.pop(0)] = True


def _all_but_one(values: FloatArray) -> FloatArray:
    """For each value the sum of all the others, infinite ones included."""
    infinite = np.isinf(values)
    finite = np.where(infinite, 0, values)
    others = finite.sum() - finite
    return np.where(infinite.sum() - infinite > 0, np.inf, others)


def _flags(given: npt.ArrayLike | None, size: int) -> BoolArray:
    flags = np.zeros(size, bool) if given is None else np.asarray(given, dtype=bool)
    if flags.shape != (size,):
        raise StatsError("open rows and columns need one flag each")
    return flags


def _framed(table: IntArray, bound: FloatArray, open_rows: BoolArray, open_columns: BoolArray) -> tuple[
    FloatArray, FloatArray
]:  # fmt: skip
    """How far each cell may go down and up, with a last row and column for what lies beyond open sums."""
    down = np.zeros((table.shape[0] + 1, table.shape[1] + 1))
    up = np.zeros_like(down)
    down[:-1, :-1] = table
    up[:-1, :-1] = np.maximum(bound - table, 0)
    for side in (down, up):
        side[:-1, -1] = np.where(open_rows, np.inf, 0)
        side[-1, :-1] = np.where(open_columns, np.inf, 0)
        side[-1, -1] = np.inf
    return down, up


def _rectangle(
    row: int, column: int, down: FloatArray, up: FloatArray, hidden: BoolArray, cost: FloatArray, threshold: int
) -> tuple[int, int] | None:
    """The other corner of the cheapest rectangle that lets the cell move far enough; None where there is none."""
    rises = np.minimum.reduce(
        [
            np.full(down.shape, up[row, column]),
            np.broadcast_to(down[row, :][None, :], down.shape),
            np.broadcast_to(down[:, column][:, None], down.shape),
            up,
        ]
    )
    falls = np.minimum.reduce(
        [
            np.full(down.shape, down[row, column]),
            np.broadcast_to(up[row, :][None, :], down.shape),
            np.broadcast_to(up[:, column][:, None], down.shape),
            down,
        ]
    )
    enough = rises + falls >= threshold
    enough[row, :] = False
    enough[:, column] = False
    if not bool(enough.any()):
        return None
    price = np.where(hidden, 0.0, cost)
    total = price + price[row, :][None, :] + price[:, column][:, None]
    place = int(np.argmin(np.where(enough, total, np.inf)))
    other_row, other_column = divmod(place, down.shape[1])
    return other_row, other_column
