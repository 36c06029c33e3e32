"""Replicate weights made from a design, and weights fitted anew in each replicate.

JK1 and JKn leave one first-stage cluster out at a time and raise the others of its stratum by n/(n − 1); the scale of a
stratum is (n − 1)/n, times 1 − n/N where the population is finite (Wolter 2007, ch. 4). The bootstrap draws n − 1 of
the n clusters of a stratum with replacement and multiplies by n/(n − 1) (Rao and Wu 1988, JASA 83; McCarthy and Snowden
1985), here with a generator that the caller gives. Every replicate can then be raked or calibrated as the whole sample
was: that gives the error of the fitted figures without a formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import FloatArray
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.replicates import ReplicateDesign
from qiao_stats.weighting.margins import Weighting


def make_replicates(
    design: Design,
    kind: Literal["JK1", "JKn", "bootstrap"],
    *,
    count: int = 200,
    rng: np.random.Generator | None = None,
    around_estimate: bool = False,
) -> ReplicateDesign:
    """Replicates of a design of n rows, by its first-stage clusters.

    Args:
        design: strata and clusters; later stages are passed over, as is usual.
        kind: ``JK1`` (one stratum), ``JKn`` (strata) or ``bootstrap``.
        count: how many bootstrap replicates.
        rng: generator of the bootstrap.
        around_estimate: measure from the full sample's estimate instead of the replicates' mean.

    Raises:
        StatsError: a design that is one of replicates or fitted to totals (fit after, :func:`refit_replicates`), JK1
            with strata, a stratum of one cluster that was not taken whole, bootstrap without a generator.
    """
    if isinstance(design, ReplicateDesign) or design.controls is not None:
        raise StatsError("Make replicates of the design before its weights are fitted, then fit each of them.")
    first = design.stages[0]
    strata = first.sampled.size
    if kind == "JK1" and strata > 1:
        raise StatsError("JK1 is for a design without strata; use JKn.", column="strata")
    alone = np.flatnonzero(first.lonely)
    if alone.size:
        raise StatsError(
            "Stratum %(stratum)s has only one cluster, so none can be left out of it. Join it with a similar stratum.",
            column="strata", stratum=first.labels[int(alone[0])],
        )  # fmt: skip
    cluster_of_row = first.of_unit[design.unit]
    clusters = first.stratum.size
    sampled = first.sampled
    if kind == "bootstrap":
        if rng is None or count < 2:
            raise StatsError("The bootstrap needs a generator and at least two replicates.", column="rng")
        factors = np.ones((clusters, count))
        for h in range(strata):
            members = np.flatnonzero(first.stratum == h)
            n = members.size
            if n > 1:
                drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=count).T
                factors[members] = drawn * n / (n - 1)
        # Of a finite population only the part that was left out is uncertain.
        shrink = np.sqrt(first.rest)[first.stratum][:, None]
        factors = 1 + (factors - 1) * shrink
        coefficients = np.full(count, 1 / (count - 1))
    elif kind in ("JK1", "JKn"):
        factors = np.ones((clusters, clusters))
        for h in range(strata):
            members = np.flatnonzero(first.stratum == h)
            n = members.size
            if n > 1:
                factors[np.ix_(members, members)] = n / (n - 1)
                factors[members, members] = 0.0
        coefficients = (first.rest * (sampled - 1) / sampled)[first.stratum]
    else:
        raise StatsError("Replicates of this kind cannot be made here: %(kind)s.", column="kind", kind=kind)
    matrix = design.weights[:, None] * factors[cluster_of_row]
    return ReplicateDesign(
        design.weights, design.unit, design.stages, design.lonely, design.repeated_clusters, matrix, coefficients,
        around_estimate,
    )  # fmt: skip


def refit_replicates(design: ReplicateDesign, fit: Callable[[FloatArray], Weighting]) -> ReplicateDesign:
    """The design with the whole sample's weights and those of every replicate fitted by ``fit`` (weights → fit).

    Raises:
        StatsError: what ``fit`` raises, naming the replicate: one that lost a category cannot be fitted.
    """
    whole = fit(design.weights).weights
    matrix = np.empty_like(design.replicates)
    for r in range(matrix.shape[1]):
        try:
            matrix[:, r] = fit(design.replicates[:, r]).weights
        except StatsError as fault:
            raise StatsError(
                "Replicate %(number)s cannot be fitted: %(reason)s",
                column=f"replicates{r + 1}", number=r + 1, reason=str(fault),
            ) from None  # fmt: skip
    return replace(design, weights=whole, replicates=matrix)
