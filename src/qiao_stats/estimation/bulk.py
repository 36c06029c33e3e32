"""Estimation beyond memory: the sums by cluster are an Ibis expression, the rest is arithmetic on its result.

The expression runs wherever Ibis does (DuckDB, Spark); what comes back has one row per stratum, cluster and group, so
the size of the data no longer matters. A mean is the ratio of Σ w·x to Σ w, and a ratio's error follows from cluster
sums alone (:mod:`qiao_stats.estimation.linear`), so the result equals that of :func:`estimate_many` on the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import FloatArray, IntArray, as_floats, bin_sums
from qiao_stats.estimation.design import Lonely, make_design
from qiao_stats.estimation.groups import make_groups
from qiao_stats.estimation.linear import Run
from qiao_stats.estimation.results import Grid

if TYPE_CHECKING:
    import ibis.expr.types as ir


#: Column of the sums: whether a row of them is of rows with a weight above zero.
POSITIVE = "weight_is_positive"


def cluster_sums(
    table: ir.Table,
    items: Sequence[str],
    *,
    weights: str,
    clusters: str,
    strata: str | None = None,
    by: Sequence[str] = (),
    fpc: str | None = None,
) -> ir.Table:
    """The sums that :func:`estimate_sums` needs, as an expression over one pass of the table.

    One row per stratum, cluster, group (and population size) and whether the weight is positive (:data:`POSITIVE`); for
    the k-th item the columns ``a_k`` (Σ w·x), ``w_k`` (Σ w) and ``n_k`` (rows), each over the rows that have a value
    (neither null nor NaN). Do not
    filter the table before: a cluster without rows in a group must still be seen. Subsets are groups.
    """
    import ibis

    # Engines are several times slower with a filter on each sum than with a value that is null instead; so rows of
    # weight zero make cells of their own, whose rows are not counted.
    weight = table[weights]
    sums: dict[str, ir.Value] = {}
    for k, name in enumerate(items):
        x = table[name]
        if x.type().is_floating():
            x = ibis.cases((x.isnan(), None), else_=x)
        sums[f"a_{k}"] = (weight * x).sum()
        sums[f"w_{k}"] = ibis.cases((x.notnull(), weight), else_=None).sum()
        sums[f"n_{k}"] = x.count()
    keys = dict.fromkeys(name for name in (strata, clusters, fpc, *by) if name)
    return table.group_by([*keys, (weight > 0).name(POSITIVE)]).aggregate(**sums)


def estimate_sums(
    sums: pa.Table,
    items: Sequence[str],
    *,
    clusters: str,
    strata: str | None = None,
    by: Sequence[str] = (),
    fpc: str | None = None,
    statistic: Literal["mean", "total"] = "mean",
    lonely: Lonely = "fail",
    confidence: float = 0.95,
) -> Grid:
    """Means or totals of p items in g groups from what :func:`cluster_sums` gave, with errors and intervals.

    No design effects (they need the squares of all values). Clusters are of one stage.

    Raises:
        StatsError: a column of the sums is missing, and as :func:`qiao_stats.estimation.make_design` and
            :func:`qiao_stats.estimation.estimate_many`.
    """
    wanted = [POSITIVE, *(name for name in (strata, clusters, fpc, *by) if name)]
    wanted += [f"{kind}_{k}" for k in range(len(items)) for kind in "awn"]
    for name in wanted:
        if name not in sums.column_names:
            raise StatsError("The sums have no column %(name)s.", column=name, name=name)
    rows = sums.num_rows
    design = make_design(
        weights=np.ones(rows),
        strata=sums[strata] if strata else None,
        clusters=[sums[clusters]],
        fpc=[sums[fpc]] if fpc else [],
        lonely=lonely,
    )
    groups = make_groups({name: sums[name] for name in by}, rows=rows) if by else None
    run = Run(design, groups, None, confidence, None)
    counted: list[FloatArray] = []
    inside = np.ones(rows, dtype=np.bool_) if groups is None else groups.codes >= 0
    code = np.zeros(rows, dtype=np.int64) if groups is None else groups.codes
    positive = sums[POSITIVE].to_numpy(zero_copy_only=False).astype(np.bool_)
    for k, name in enumerate(items):
        above, weight, rows_of_cell = (np.nan_to_num(as_floats(sums[f"{kind}_{k}"], column=name)) for kind in "awn")
        run.add(name, None, above, weight if statistic == "mean" else "total")
        counted.append(bin_sums(code[inside], np.where(positive, rows_of_cell, 0.0)[inside], len(run.keys)))
    grid = run.grid(statistic)
    n: IntArray = np.stack(counted).astype(np.int64)
    # A total over no rows is unknown, not zero.
    estimate, se, lower, upper = (
        np.where(n > 0, values, np.nan) for values in (grid.estimate, grid.se, grid.lower, grid.upper)
    )
    return replace(grid, n=n, estimate=estimate, se=se, lower=lower, upper=upper)
