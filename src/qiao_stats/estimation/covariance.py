"""Covariances of several figures, contrasts between them, and the variance of a value in the population.

The covariance of two weighted totals is computed as a variance is (:mod:`qiao_stats.estimation.variance`), with
products of the clusters' distances in place of squares. Figures that are no totals enter by their linearised values z.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, as_floats
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.groups import Groups
from qiao_stats.estimation.intervals import critical_value
from qiao_stats.estimation.linear import estimate_many
from qiao_stats.estimation.replicates import ReplicateDesign
from qiao_stats.estimation.results import Estimate
from qiao_stats.estimation.variance import refuse_lonely


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Figures with their covariances: ``names`` (k), ``estimate`` (k,), ``covariance`` (k, k), degrees of freedom."""

    names: tuple[str, ...]
    estimate: FloatArray
    covariance: FloatArray
    df: int


def total_covariance(design: Design, z: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Covariance (k, k) of the totals Σ w·z of k columns z (n, k); rows that do not count must be 0.

    ``counted`` (n,): rows that entered z; a lonely stratum without one is not refused.

    Raises:
        StatsError: rule ``fail``, and a stratum has but one sampled cluster.
    """
    if isinstance(design, ReplicateDesign):
        theta = design.replicates.T @ z
        centre = design.weights @ z if design.around_estimate else theta[design.coefficients > 0].mean(axis=0)
        distance = theta - centre
        return np.asarray((distance * design.coefficients[:, None]).T @ distance, dtype=np.float64)
    if design.controls is not None:
        z = design.controls.residuals(z)
    rows = np.arange(design.rows)
    units = design.stages[-1].of_unit.size
    totals = np.asarray(csr_array((design.weights, (design.unit, rows)), shape=(units, design.rows)) @ z)
    present = np.bincount(design.unit if counted is None else design.unit[counted], minlength=units)
    covariance = np.zeros((z.shape[1], z.shape[1]))
    for number, stage in enumerate(design.stages, start=1):
        clusters, strata = stage.stratum.size, stage.sampled.size
        to_cluster = csr_array((np.ones(units), (stage.of_unit, np.arange(units))), shape=(clusters, units))
        to_stratum = csr_array((np.ones(clusters), (stage.stratum, np.arange(clusters))), shape=(strata, clusters))
        t = np.asarray(to_cluster @ totals)
        mean = np.asarray(to_stratum @ t) / stage.sampled[:, None]
        scale = stage.fraction * stage.rest * stage.sampled / np.maximum(stage.sampled - 1, 1)
        lonely = stage.lonely
        if bool(lonely.any()):
            seen = np.asarray(to_stratum @ (to_cluster @ present)) > 0
            if design.lonely == "fail":
                refuse_lonely(stage, lonely & seen, number)
            elif design.lonely == "adjust":
                mean[lonely] = 0.0
            elif design.lonely == "average":
                rest = int((seen & ~lonely).sum())
                scale = scale * (int(seen.sum()) / rest if rest else np.nan)
        distance = t - mean[stage.stratum]
        covariance += (distance * scale[stage.stratum][:, None]).T @ distance
    return covariance


def means_together(
    design: Design,
    items: Mapping[str, Column],
    *,
    by: Groups | None = None,
    where: BoolArray | None = None,
) -> Together:
    """Means of items (each within each group, if there are groups) with all their covariances.

    Names are the item's, with the group's values before it (``E:api00``); one item alone is named by its groups.

    Raises as :func:`qiao_stats.estimation.estimate_many`.
    """
    grid = estimate_many(design, items, by=by, where=where, deff=None)
    columns: list[FloatArray] = []
    names: list[str] = []
    used = np.ones(design.rows, dtype=np.bool_) if where is None else where
    counted = np.zeros(design.rows, dtype=np.bool_)
    for p, (name, values) in enumerate(items.items()):
        x = as_floats(values, column=name, rows=design.rows)
        for g, key in enumerate(grid.groups):
            kept = used & ~np.isnan(x) & (design.weights > 0)
            if by is not None:
                kept &= by.codes == g
            counted |= kept
            columns.append(np.where(kept, (x - grid.estimate[p, g]) / max(design.weights[kept].sum(), 1e-300), 0.0))
            group = ".".join(str(value) for value in key.values())
            names.append(group if group and len(items) == 1 else f"{group}:{name}" if group else name)
    covariance = total_covariance(design, np.column_stack(columns), counted)
    return Together(tuple(names), grid.estimate.ravel(), covariance, grid.df)


def contrast(figures: Together, factors: Mapping[str, float], *, name: str = "", confidence: float = 0.95) -> Estimate:
    """The sum of figures times factors, such as ``{"new": 1, "old": -1}`` for a difference; n is not known (0).

    Raises:
        StatsError: a factor for a figure that is not there.
    """
    unknown = [label for label in factors if label not in figures.names]
    if unknown:
        raise StatsError(
            "There is no figure %(name)s; there are: %(present)s.", name=unknown[0], present=", ".join(figures.names)
        )
    c = np.array([factors.get(label, 0.0) for label in figures.names])
    held = c != 0  # a figure that is not known harms only contrasts that use it
    value = float(c[held] @ figures.estimate[held])
    se = float(np.sqrt(max(c[held] @ figures.covariance[np.ix_(held, held)] @ c[held], 0.0)))
    half = critical_value(confidence, figures.df) * se
    return Estimate("contrast", name, None, {}, 0, value, se, value - half, value + half, float("nan"), figures.df)


def variance_of(
    design: Design,
    values: Column,
    *,
    name: str = "",
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
) -> tuple[Estimate, ...]:
    """The variance of a column in the population, by group: the mean of (x − mean)²·n/(n − 1) over n rows.

    Raises as :func:`qiao_stats.estimation.estimate_many`.
    """
    x = as_floats(values, column=name, rows=design.rows)
    grid = estimate_many(design, {name: x}, by=by, where=where, deff=None)
    group = np.zeros(design.rows, dtype=np.int64) if by is None else by.codes
    centre, n = np.append(grid.estimate[0], np.nan)[group], np.append(grid.n[0], 0)[group]
    with np.errstate(divide="ignore", invalid="ignore"):
        square = (x - centre) ** 2 * n / (n - 1)
    found = estimate_many(design, {name: square}, by=by, where=where, deff=None, confidence=confidence)
    return tuple(
        Estimate("variance", f.variable, f.level, f.by, f.n, f.estimate, f.se, f.lower, f.upper, f.deff, f.df)
        for f in found.estimates()
    )
