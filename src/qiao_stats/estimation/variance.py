"""Sums of rows into cells (finest unit × group) and the variance of a total from those sums.

The variance of a weighted total of z is, with the clusters' totals t,

    V = Σ_stages Σ_strata F · (1 − n/N) · n/(n − 1) · Σ_clusters (t − t̄)²,

n of N clusters sampled in the stratum, t̄ the mean over all n (a cluster without a row in the group counts with t = 0),
F the product of the sampling fractions of the stages before (Särndal et al. 1992, result 4.3.1, with the first stage
estimated between clusters). A linearised statistic is such a total. All after the cell sums is arithmetic on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, FloatArray, IntArray, bin_sums, combine, compress
from qiao_stats.estimation.design import LONELY_RULES, Design, Stage
from qiao_stats.estimation.groups import Groups
from qiao_stats.estimation.residuals import Controls


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Cells of one stage: ``of_cell`` maps finest cells to them (None: they are the finest ones), ``stratum_group``
    is their stratum · groups + group, ``missing`` (strata · groups,) the clusters of the stratum without a cell."""

    of_cell: IntArray | None
    cells: int
    stratum_group: IntArray
    missing: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The crossing of a design's units with groups. ``row`` (n,) is the cell of a row, ``used`` the rows that count
    (None: all), ``group`` (cells,) the group of each cell; rows that do not count lie in cell 0 with weight zero."""

    design: Design
    groups: int
    row: IntArray
    used: BoolArray | None
    weights: FloatArray
    group: IntArray
    row_group: IntArray
    levels: tuple[Level, ...]

    @property
    def count(self) -> int:
        """Number of cells."""
        return int(self.group.size)

    def sums(self, values: FloatArray) -> FloatArray:
        """Unweighted sum of values (n,) per cell (cells,). Values of rows that do not count must be zero."""
        return bin_sums(self.row, values, self.count)

    def group_sums(self, per_cell: FloatArray) -> FloatArray:
        """Sum per group (groups,) of values per cell."""
        return bin_sums(self.group, per_cell, self.groups)

    def row_group_sums(self, values: FloatArray) -> FloatArray:
        """Sum per group (groups,) of values per row. Values of rows that do not count must be zero."""
        return bin_sums(self.row_group, values, self.groups)


def make_cells(design: Design, groups: Groups | None, where: BoolArray | None) -> Cells:
    """Cross the design with groups, leaving out rows in no group or outside ``where``.

    Raises:
        StatsError: no row is left.
    """
    count = groups.count if groups else 1
    used: BoolArray | None = None if where is None or bool(where.all()) else where
    if groups is not None and bool(np.any(groups.codes < 0)):
        inside = groups.codes >= 0
        used = inside if used is None else used & inside
    if used is not None and not bool(used.any()):
        raise StatsError("No row is left to estimate from.")
    if groups is None:
        # Every unit of the design is a cell, whether or not a row of it counts.
        row, group, unit = design.unit, np.zeros(design.stages[-1].of_unit.size, dtype=np.int64), None
        row_group = np.zeros(design.rows, dtype=np.int64)
    else:
        row_group = groups.codes if used is None else np.where(used, groups.codes, 0)
        row, unit, group = combine(design.unit, row_group, max(count, 1))
    weights = design.weights if used is None else np.where(used, design.weights, 0.0)
    levels = tuple(_level(stage, unit, group, count, last=stage is design.stages[-1]) for stage in design.stages)
    return Cells(design, count, row, used, weights, group, row_group, levels)


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Cells in which every unit meets every group, and what of the controls does not change from figure to figure.

    ``full`` the cells, unit · groups + group; ``explained`` (units, k) the sums of w·x; ``moment`` and ``amount``: per
    non-zero entry of the controls its place column · groups + group and its weight, ``entry_row`` the row it lies in.
    """

    full: Cells
    controls: Controls
    explained: csr_array
    moment: IntArray
    amount: FloatArray
    entry_row: IntArray


def cross(cells: Cells, controls: Controls) -> Crossed:
    """What `controlled_variance` needs of some cells, made once for all figures of them."""
    design, groups = cells.design, cells.groups
    units = design.stages[-1].of_unit.size
    rows = np.arange(design.rows)
    to_unit = csr_array((design.weights, (design.unit, rows)), shape=(units, design.rows))
    unit, group = np.repeat(np.arange(units), groups), np.tile(np.arange(groups), units)
    row = design.unit * groups + cells.row_group
    levels = tuple(_level(stage, unit, group, groups, last=stage is design.stages[-1]) for stage in design.stages)
    full = Cells(design, groups, row, cells.used, cells.weights, group, cells.row_group, levels)
    entry_row = np.repeat(rows, np.diff(controls.weighted.indptr))
    moment = controls.weighted.indices.astype(np.int64) * groups + cells.row_group[entry_row]
    return Crossed(full, controls, to_unit @ controls.x, moment, controls.weighted.data, entry_row)


def controlled_variance(crossed: Crossed, z: FloatArray, counted: BoolArray) -> FloatArray:
    """Variance (groups,) of Σw·z by group after taking out what the controls explain.

    ``z`` (n,) is the linearised value of each row in its own group, 0 where it does not count; ``counted`` (n,) the
    rows that entered. A row of another group has no z, but a residual: so every unit meets every group here.
    """
    full, controls = crossed.full, crossed.controls
    columns = controls.solve.shape[0]
    moments = bin_sums(crossed.moment, crossed.amount * z[crossed.entry_row], columns * full.groups)
    totals = full.sums(full.design.weights * z)
    totals -= np.asarray(crossed.explained @ (controls.solve @ moments.reshape(columns, full.groups))).ravel()
    # Which strata have rows matters to the rules for lonely clusters only.
    present = full.sums(counted.astype(np.float64)) if full.design.has_lonely_strata else None
    return total_variance(full, totals, present)


def _level(stage: Stage, unit: IntArray | None, group: IntArray, groups: int, *, last: bool) -> Level:
    cluster = stage.of_unit if unit is None else stage.of_unit[unit]
    of_cell: IntArray | None = None
    if not last:
        of_cell, pairs = compress(cluster * groups + group)
        cluster, group = pairs // groups, pairs % groups
    stratum_group = stage.stratum[cluster] * groups + group
    present = np.bincount(stratum_group, minlength=stage.sampled.size * groups)
    return Level(of_cell, cluster.size, stratum_group, np.repeat(stage.sampled, groups) - present)


def total_variance(cells: Cells, totals: FloatArray, present: FloatArray | None = None) -> FloatArray:
    """Variance (groups,) of the total of z from its sums per cell (cells,).

    ``present`` (cells,) counts the rows that entered z: under the rule ``average`` only strata with such rows are
    averaged over, and under ``fail`` only they are refused; without it, all rows that count did.

    Raises:
        StatsError: rule ``fail``, and a stratum has but one sampled cluster.
    """
    variance = np.zeros(cells.groups)
    for number, (stage, level) in enumerate(zip(cells.design.stages, cells.levels, strict=True), start=1):
        t = totals if level.of_cell is None else bin_sums(level.of_cell, totals, level.cells)
        n, lonely = stage.sampled, stage.lonely
        scale = stage.fraction * stage.rest * n / np.maximum(n - 1, 1)
        strata_groups = n.size * cells.groups
        mean = bin_sums(level.stratum_group, t, strata_groups) / np.repeat(n, cells.groups)
        share: FloatArray | None = None
        if bool(lonely.any()):
            if cells.design.lonely == "adjust":
                mean[np.repeat(lonely, cells.groups)] = 0.0
            elif cells.design.lonely in ("fail", "average"):
                seen = _strata_seen(cells, level, strata_groups, present).reshape(n.size, cells.groups)
                if cells.design.lonely == "fail":
                    refuse_lonely(stage, lonely & seen.any(axis=1), number)
                else:
                    whole = seen.sum(axis=0).astype(np.float64)
                    rest = (seen & ~lonely[:, None]).sum(axis=0)
                    share = np.divide(whole, rest, out=np.full(cells.groups, np.nan), where=rest > 0)
        distance = t - mean[level.stratum_group]
        squares = bin_sums(level.stratum_group, distance * distance, strata_groups)
        squares += level.missing * mean * mean
        stage_variance = scale @ squares.reshape(n.size, cells.groups)
        variance += stage_variance if share is None else stage_variance * share
    return variance


def _strata_seen(cells: Cells, level: Level, strata_groups: int, present: FloatArray | None) -> BoolArray:
    if present is None:
        counts = np.bincount(cells.row if cells.used is None else cells.row[cells.used], minlength=cells.count)
        present = counts.astype(np.float64)
    at_level = present if level.of_cell is None else bin_sums(level.of_cell, present, level.cells)
    return bin_sums(level.stratum_group, at_level, strata_groups) > 0


def refuse_lonely(stage: Stage, bad: BoolArray, number: int) -> None:
    """Raise StatsError naming the first of the bad strata (strata,), if there is one."""
    strata = np.flatnonzero(bad)
    if strata.size:
        raise StatsError(
            "Stratum %(stratum)s has only one cluster at stage %(stage)s (%(count)s such strata), so its variance "
            "cannot be estimated. Join it with a similar stratum, or choose a rule for lonely clusters: %(rules)s.",
            column="strata",
            stratum=stage.labels[int(strata[0])],
            stage=number,
            count=strata.size,
            rules=", ".join(LONELY_RULES[1:]),
        )
