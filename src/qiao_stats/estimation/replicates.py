"""Designs described by replicate weights: jackknife, balanced repeated replication, bootstrap.

The estimate is computed anew with every set of replicate weights; with θ_r those estimates,

    V = scale · Σ_r rscale_r · (θ_r − centre)²,

the centre being the mean of the θ_r, or the full sample's estimate if asked for (K. M. Wolter, *Introduction to
Variance Estimation* (2007); names and default scales as in R's survey). A replicate under which a group has no weight
left is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, as_floats
from qiao_stats.estimation.design import Design, make_design
from qiao_stats.estimation.variance import Cells

#: How replicates were made. JK1: one cluster left out at a time, without strata; JKn: within strata; BRR: half samples;
#: Fay: half samples with shrunken weights; bootstrap; other.
ReplicateKind: TypeAlias = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "other"]
REPLICATE_KINDS: tuple[ReplicateKind, ...] = ("JK1", "JKn", "BRR", "Fay", "bootstrap", "other")


@dataclass(frozen=True, slots=True, eq=False)
class ReplicateDesign(Design):
    """A design of n rows whose variance comes from R replicates.

    ``replicates`` (n, R) are the weights, ``coefficients`` (R,) scale · rscale of each, ``around_estimate`` whether
    deviations are measured from the full sample's estimate.
    """

    replicates: FloatArray
    coefficients: FloatArray
    around_estimate: bool

    def degrees_of_freedom(self, where: BoolArray | None = None) -> int:
        """The rank of the replicate weights (within ``where``) minus one."""
        weights = self.replicates if where is None else self.replicates[where]
        # The rank of W is that of WᵀW, which is small; its eigenvalues are the squares of W's singular values.
        values = np.linalg.eigvalsh(weights.T @ weights)
        return int((values > values[-1] * 1e-10).sum()) - 1


def make_replicate_design(
    weights: Column,
    replicates: Sequence[Column],
    *,
    kind: str,
    scale: float | None = None,
    rscales: Sequence[float] | None = None,
    fay: float = 0.0,
    around_estimate: bool = False,
) -> ReplicateDesign:
    """Build a design from the weights (n,) and R columns (n,) of replicate weights.

    Args:
        weights: full-sample weights.
        replicates: complete weights of each replicate (not factors to multiply the weights by).
        kind: how they were made (:data:`ReplicateKind`); it gives the scale (R − 1)/R for JK1, 1/R for BRR,
            1/(R (1 − fay)²) for Fay, 1/(R − 1) for bootstrap. JKn needs ``rscales``, other needs ``scale``.
        scale: overrides that.
        rscales: one factor per replicate, by default 1.
        fay: Fay's shrinking factor in [0, 1).
        around_estimate: measure from the full sample's estimate instead of the replicates' mean.

    Raises:
        StatsError: fewer than two replicates, a missing or negative weight, scales that are missing, negative or of
            the wrong number.
    """
    base = make_design(weights=weights, rows=len(weights), lonely="adjust")
    count = len(replicates)
    if count < 2:
        raise StatsError("At least two columns of replicate weights are needed.", column="replicates")
    if kind not in REPLICATE_KINDS:
        raise StatsError("Unknown kind of replicate weights: %(kind)s.", kind=kind)
    if not 0 <= fay < 1:
        raise StatsError("Fay's factor must be at least 0 and below 1, not %(value)s.", value=fay)
    matrix: npt.NDArray[np.float64] = np.empty((base.rows, count))
    for r, column in enumerate(replicates):
        matrix[:, r] = as_floats(column, column=f"replicates{r + 1}", rows=base.rows)
        bad = np.flatnonzero(~(np.isfinite(matrix[:, r]) & (matrix[:, r] >= 0)))
        if bad.size:
            raise StatsError(
                "The replicate weight is missing or negative.", row=int(bad[0]), column=f"replicates{r + 1}"
            )
    usual = {"JK1": (count - 1) / count, "BRR": 1 / count, "Fay": 1 / (count * (1 - fay) ** 2)}
    usual["bootstrap"] = 1 / (count - 1)
    if kind == "JKn" and rscales is None:
        raise StatsError("JKn replicates need one scale each.", column="rscales")
    if kind == "other" and scale is None:
        raise StatsError("Replicates of another kind need a scale.", column="scale")
    factor = usual.get(kind, 1.0) if scale is None else scale
    each = np.ones(count) if rscales is None else np.asarray(rscales, dtype=np.float64)
    if each.size != count:
        raise StatsError(
            "There are %(found)s scales for %(count)s replicates.", column="rscales", found=each.size, count=count
        )
    coefficients = factor * each
    if not bool(np.all(coefficients >= 0)):
        raise StatsError("Scales of replicates must not be negative.", column="rscales")
    return ReplicateDesign(
        base.weights, base.unit, base.stages, base.lonely, False, matrix, coefficients, around_estimate
    )


def replicate_variance(
    cells: Cells, design: ReplicateDesign, estimate: FloatArray, a: FloatArray, b: FloatArray | None, kept: BoolArray
) -> FloatArray:
    """Variance (groups,) of Σwa/Σwb, or of Σwa if ``b`` is None, over the rows ``kept`` (n,)."""
    rows = np.flatnonzero(kept)

    def sums(values: FloatArray) -> FloatArray:
        by_group = csr_array((values[rows], (cells.row_group[rows], rows)), shape=(cells.groups, design.rows))
        found: FloatArray = np.asarray(by_group @ design.replicates)
        return found

    with np.errstate(invalid="ignore", divide="ignore"):
        theta = sums(a) if b is None else sums(a) / sums(b)
    known = np.isfinite(theta)
    counted = known & (design.coefficients > 0)
    if design.around_estimate:
        centre = estimate
    else:
        total = np.where(counted, theta, 0.0).sum(axis=1)
        centre = total / np.maximum(counted.sum(axis=1), 1)
    squares = np.where(known, (theta - centre[:, None]) ** 2, 0.0)
    variance: FloatArray = np.where(counted.any(axis=1), squares @ design.coefficients, np.nan)
    return variance
