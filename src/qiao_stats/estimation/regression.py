"""Linear and logistic regression under a design.

The coefficients solve Σ w·x·(y − μ) = 0; with A = Σ w·v·x·xᵀ, v the variance function (1, or μ(1 − μ)), their
linearised values are A⁻¹·x·(y − μ) (Binder 1983, International Statistical Review 51). Degrees of freedom are the
design's + 1 − k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, logit, stdtr, xlogy

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, as_floats, encode
from qiao_stats.estimation.covariance import total_covariance
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.intervals import critical_value


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient with its standard error, t value, two-sided p, interval and degrees of freedom."""

    name: str
    estimate: float
    se: float
    t: float
    p: float
    lower: float
    upper: float
    df: int


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """``coefficients`` (k) with their ``covariance`` (k, k), from ``n`` rows."""

    coefficients: tuple[Coefficient, ...]
    covariance: FloatArray
    n: int


def regress(
    design: Design,
    response: Column,
    terms: Mapping[str, Column],
    *,
    family: Literal["gaussian", "logit"] = "gaussian",
    where: BoolArray | None = None,
    confidence: float = 0.95,
) -> Regression:
    """Regression of a response on terms.

    Args:
        design: of n rows.
        response: numbers (n,); 0 and 1 for ``logit``.
        terms: columns (n,) of numbers, or of categories, whose first level is what the others are measured from.
        family: linear or logistic.
        where: a subset (n,).
        confidence: level of the intervals.

    Rows that lack a value are left out; their clusters stay.

    Raises:
        StatsError: a response that is not 0 or 1 for ``logit``, terms that are a combination of each other, more
            coefficients than rows, a category that splits 0 from 1 without an exception (no convergence).
    """
    y = as_floats(response, column="response", rows=design.rows)
    x, names = term_columns(design.rows, terms)
    kept = ~np.isnan(y) & ~np.isnan(x).any(axis=1) & (design.weights > 0)
    if where is not None:
        kept &= where
    if int(kept.sum()) < len(names):
        raise StatsError("There are more coefficients (%(k)s) than rows.", k=len(names))
    xs, ys, w = x[kept], y[kept], design.weights[kept]
    if family == "logit" and not bool(np.all((ys == 0) | (ys == 1))):
        raise StatsError("The response of a logistic regression is 0 or 1.", column="response")
    if np.linalg.matrix_rank(xs) < len(names):
        raise StatsError("A term follows from the others, so their effects cannot be told apart.", column=names[-1])
    everyone = design.weights if where is None else design.weights[where]
    scale = w / everyone.mean()
    beta, residual, spread = _gaussian(xs, ys, scale) if family == "gaussian" else _logit(xs, ys, scale)
    inverse = np.linalg.inv((xs * (w * spread)[:, None]).T @ xs)
    z = np.zeros_like(x)
    z[kept] = (xs * residual[:, None]) @ inverse
    covariance = total_covariance(design, z, kept)
    df = design.degrees_of_freedom(None if where is None else where) + 1 - len(names)
    t_value = critical_value(confidence, df)
    found: list[Coefficient] = []
    for name, value, variance in zip(names, beta, np.diagonal(covariance), strict=True):
        se = float(np.sqrt(variance))
        t = float(value) / se if se > 0 else float("nan")
        p = 2 * float(stdtr(df, -abs(t))) if df > 0 else float("nan")
        found.append(
            Coefficient(name, float(value), se, t, p, float(value) - t_value * se, float(value) + t_value * se, df)
        )
    return Regression(tuple(found), covariance, int(kept.sum()))


def term_columns(rows: int, terms: Mapping[str, Column]) -> tuple[FloatArray, tuple[str, ...]]:
    """The columns X (n, k) with an intercept first and their names; a category's levels but the first are columns."""
    columns: list[FloatArray] = [np.ones(rows)]
    names = ["(Intercept)"]
    for name, values in terms.items():
        try:
            columns.append(as_floats(values, column=name, rows=rows))
            names.append(name)
        except StatsError:
            codes, labels = encode(values)
            for place, label in enumerate(labels[1:], start=1):
                columns.append(np.where(codes < 0, np.nan, (codes == place).astype(np.float64)))
                names.append(f"{name}{label}")
    return np.column_stack(columns), tuple(names)


def _gaussian(x: FloatArray, y: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    root = np.sqrt(w)
    beta: FloatArray = np.asarray(np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0], dtype=np.float64)
    return beta, y - x @ beta, np.ones(y.size)


def _logit(x: FloatArray, y: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Iteratively reweighted least squares; stops, and takes the last step's v, where R's glm does."""
    mu = (w * y + 0.5) / (w + 1)
    eta, before = logit(mu), np.inf
    for _ in range(100):
        spread = mu * (1 - mu)
        root = np.sqrt(w * spread)
        worked = root * (eta + (y - mu) / spread)
        beta: FloatArray = np.asarray(np.linalg.lstsq(x * root[:, None], worked, rcond=None)[0], dtype=np.float64)
        eta = x @ beta
        if not bool(np.all(np.isfinite(eta))) or float(np.abs(eta).max()) > 30:
            break
        mu = expit(eta)
        deviance = 2 * float(w @ (xlogy(y, y / mu) + xlogy(1 - y, (1 - y) / (1 - mu))))
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            return beta, (y - mu) / (mu * (1 - mu)) * spread, spread
        before = deviance
    raise StatsError(
        "The regression does not converge: some term splits yes from no without an exception. Leave it out or join its "
        "categories."
    )
