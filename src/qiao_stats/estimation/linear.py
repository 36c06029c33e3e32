"""Means, totals, ratios and proportions with Taylor-linearised standard errors.

With w the weights, a mean is the ratio of Σ w·x to Σ w over the rows of the group that have a value. The linearised
value of a ratio r = A/B is z = w·(a − r·b)/B (Woodruff 1971; Särndal et al. 1992, 5.6), that of a total w·x; the
variance is that of the total of z (:mod:`qiao_stats.estimation.variance`). The design effect divides it by the
variance of the same statistic in a simple random sample of as many rows, without replacement (``srs``) or with it
(``replace``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, IntArray, as_floats, check_length, encode
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.groups import Groups
from qiao_stats.estimation.intervals import Interval
from qiao_stats.estimation.replicates import ReplicateDesign, replicate_variance
from qiao_stats.estimation.results import Estimate, Grid, make_grid
from qiao_stats.estimation.variance import Cells, Crossed, controlled_variance, cross, make_cells, total_variance

#: Which simple random sample the design effect compares with; None: no design effect (saves a pass over the rows).
Deff: TypeAlias = Literal["srs", "replace"] | None


def estimate_many(
    design: Design,
    items: Mapping[str, Column],
    *,
    statistic: Literal["mean", "total"] = "mean",
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
    interval: Interval = "mean",
) -> Grid:
    """Means or totals of many items (p columns of n numbers, NaN missing) by group, in one pass over each item.

    Missing values are left out item by item; the clusters that lose all rows count with zero. ``where`` (n,) restricts
    to a subset; degrees of freedom are then the subset's, while groups share those of the whole.

    Raises:
        StatsError: an item that is not n numbers, no row left, a lonely cluster under the rule ``fail``, a confidence
            level outside (0, 1).
    """
    run = Run(design, by, where, confidence, deff, interval)
    for name, values in items.items():
        x = as_floats(values, column=name, rows=design.rows)
        run.add(name, None, x, None if statistic == "mean" else "total")
    return run.grid(statistic)


def mean(
    design: Design,
    values: Column,
    *,
    name: str = "",
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
) -> tuple[Estimate, ...]:
    """The mean of one column, by group. See :func:`estimate_many`."""
    return estimate_many(design, {name: values}, by=by, where=where, confidence=confidence, deff=deff).estimates()


def total(
    design: Design,
    values: Column,
    *,
    name: str = "",
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
) -> tuple[Estimate, ...]:
    """The population total of one column, by group. See :func:`estimate_many`."""
    return estimate_many(
        design, {name: values}, statistic="total", by=by, where=where, confidence=confidence, deff=deff
    ).estimates()


def ratio(
    design: Design,
    numerator: Column,
    denominator: Column,
    *,
    name: str = "",
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
) -> tuple[Estimate, ...]:
    """The ratio of two totals, by group, over the rows that have both values. Raises as :func:`estimate_many`."""
    run = Run(design, by, where, confidence, deff)
    run.add(
        name,
        None,
        as_floats(numerator, column="numerator", rows=design.rows),
        as_floats(denominator, column="denominator", rows=design.rows),
    )
    return run.grid("ratio").estimates()


def proportion(
    design: Design,
    categories: Column,
    *,
    name: str = "",
    levels: Sequence[object] | None = None,
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
    interval: Interval = "mean",
) -> tuple[Estimate, ...]:
    """The share of each level of a column of labels, by group; one figure per level and group.

    ``levels`` fixes which levels are shown and their order (one that nobody has gets the share 0); by default those
    that occur; for ``interval`` see :mod:`qiao_stats.estimation.intervals`. Raises as :func:`estimate_many`, and for a
    label that is not among ``levels``.
    """
    return _by_level(design, categories, name, levels, "proportion", Run(design, by, where, confidence, deff, interval))


def counts(
    design: Design,
    categories: Column,
    *,
    name: str = "",
    levels: Sequence[object] | None = None,
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
    deff: Deff = "srs",
) -> tuple[Estimate, ...]:
    """The number in the population at each level of a column of labels. See :func:`proportion`."""
    return _by_level(design, categories, name, levels, "total", Run(design, by, where, confidence, deff))


def _by_level(
    design: Design,
    categories: Column,
    name: str,
    levels: Sequence[object] | None,
    statistic: Literal["proportion", "total"],
    run: Run,
) -> tuple[Estimate, ...]:
    codes, found = encode(categories)
    check_length(codes, column=name, rows=design.rows)
    shown = found if levels is None else tuple(levels)
    unknown = [label for label in found if label not in shown]
    if unknown:
        row = int(np.flatnonzero(codes == found.index(unknown[0]))[0])
        raise StatsError("“%(label)s” is not one of the levels.", row=row, column=name, label=unknown[0])
    missing = codes < 0
    some_missing = bool(missing.any())
    position = {label: code for code, label in enumerate(found)}
    for label in shown:
        x = (codes == position.get(label, -2)).astype(np.float64)
        if some_missing:
            x[missing] = np.nan
        run.add(name, str(label), x, None if statistic == "proportion" else "total")
    return run.grid(statistic).estimates()


def _zeroed(values: FloatArray, rows: IntArray) -> FloatArray:
    changed = values.copy()
    changed[rows] = 0.0
    return changed


class Run:
    """Gathers the figures of one statistic, item by item, over shared cells."""

    def __init__(
        self,
        design: Design,
        by: Groups | None,
        where: BoolArray | None,
        confidence: float,
        deff: Deff,
        interval: Interval = "mean",
    ) -> None:
        if by is not None:
            check_length(by.codes, column="by", rows=design.rows)
        if where is not None:
            check_length(where, column="where", rows=design.rows)
        self.cells: Cells = make_cells(design, by, where)
        self.keys: tuple[Mapping[str, object], ...] = by.keys if by else ({},)
        self.df = design.degrees_of_freedom(where)
        self.confidence, self.deff, self.interval = confidence, deff, interval
        self.items: list[tuple[str, str | None]] = []
        self.columns: list[tuple[IntArray, FloatArray, FloatArray, FloatArray]] = []
        self._crossed: Crossed | None = None
        self._weight_sums = self.cells.sums(self.cells.weights)
        self._counted = self.cells.weights != 0
        self._n = np.bincount(self.cells.row_group[self._counted], minlength=self.cells.groups)

    def grid(self, statistic: str) -> Grid:
        """All figures added so far."""
        n, estimate, variance, effect = (np.stack(column) for column in zip(*self.columns, strict=True))
        return make_grid(
            statistic, tuple(self.items), self.keys, n=n, estimate=estimate, variance=variance, deff=effect,
            df=self.df, confidence=self.confidence, interval=self.interval, rows=self._n,
        )  # fmt: skip

    def add(self, name: str, level: str | None, a: FloatArray, b: FloatArray | Literal["total"] | None) -> None:
        """Add Σwa/Σwb if ``b`` is a column, Σwa/Σw if it is None, Σwa if it is ``total``."""
        self.items.append((name, level))
        cells, w = self.cells, self.cells.weights
        missing = np.isnan(a) if not isinstance(b, np.ndarray) else np.isnan(a) | np.isnan(b)
        n, present, weight_sums = self._n, None, self._weight_sums
        lacking = np.flatnonzero(missing)
        if lacking.size:
            a, w = _zeroed(a, lacking), _zeroed(w, lacking)
            n = n - np.bincount(cells.row_group[lacking[self._counted[lacking]]], minlength=cells.groups)
            weight_sums = cells.sums(w)
            if cells.design.lonely in ("fail", "average") and cells.design.has_lonely_strata:
                present = self._present(missing)
            if isinstance(b, np.ndarray):
                b = _zeroed(b, lacking)
        if cells.used is not None:
            # A huge or infinite value outside the subset must not turn into 0 · inf.
            a = np.where(cells.used, a, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            if isinstance(b, np.ndarray):
                above, below = cells.sums(w * a), cells.sums(w * b)
                bottom = cells.group_sums(below)
                estimate = cells.group_sums(above) / bottom
                totals = (above - estimate[cells.group] * below) / bottom[cells.group]
                ratio_of = estimate
                residual: Callable[[], FloatArray] = lambda: (  # noqa: E731
                    (a - ratio_of[cells.row_group] * b) / bottom[cells.row_group]
                )
                linearised = residual
            elif b is None:
                # Measured from a value of the column, so that a large common offset costs no digits.
                offset = float(a[int(np.argmax(w > 0))])
                above = cells.sums(w * (a - offset)) if offset else cells.sums(w * a)
                bottom = cells.group_sums(weight_sums)
                distance = cells.group_sums(above) / bottom
                estimate = distance + offset
                totals = (above - distance[cells.group] * weight_sums) / bottom[cells.group]
                residual = lambda: a / bottom[cells.row_group]  # noqa: E731
                linearised = lambda: (a - offset - distance[cells.row_group]) / bottom[cells.row_group]  # noqa: E731
            else:
                totals = cells.sums(w * a)
                estimate = cells.group_sums(totals)
                estimate = np.where(n > 0, estimate, np.nan)
                residual = linearised = lambda: a
            if isinstance(cells.design, ReplicateDesign):
                below_line = b if isinstance(b, np.ndarray) else np.ones(a.size) if b is None else None
                kept = ~missing if cells.used is None else ~missing & cells.used
                variance = replicate_variance(cells, cells.design, estimate, a, below_line, kept)
            elif cells.design.controls is not None:
                counts = (w > 0) & ~missing
                z = np.where(counts, linearised(), 0.0)
                if self._crossed is None:
                    self._crossed = cross(cells, cells.design.controls)
                variance = controlled_variance(self._crossed, z, counts)
            else:
                variance = total_variance(cells, totals, present)
            variance = np.where(n > 0, variance, np.nan)
            effect = np.full(cells.groups, np.nan)
            if self.deff is not None:
                simple = self._simple_variance(w, residual(), n, cells.group_sums(weight_sums))
                effect = np.where(simple > 0, variance / simple, np.nan)
        self.columns.append((n, estimate, variance, effect))

    def _present(self, missing: BoolArray) -> FloatArray:
        counted = ~missing if self.cells.used is None else ~missing & self.cells.used
        return self.cells.sums(counted.astype(np.float64))

    def _simple_variance(self, w: FloatArray, e: FloatArray, n: IntArray, population: FloatArray) -> FloatArray:
        """Variance (groups,) of the total of e in a simple random sample; NaN where n exceeds the population."""
        cells = self.cells
        e = np.where(w > 0, e, 0.0)
        centre = cells.row_group_sums(w * e) / population
        distance = e - centre[cells.row_group]
        unit_variance = cells.row_group_sums(w * distance * distance) / population * n / (n - 1)
        variance = unit_variance * population**2 / n
        if self.deff == "replace":
            return variance
        simple: FloatArray = variance * np.where(population >= n, 1 - n / population, np.nan)
        return simple
