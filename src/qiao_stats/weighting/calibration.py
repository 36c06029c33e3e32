"""Calibration: weights nearest to the start weights that meet totals of categories and of numbers.

Minimise Σ d·G(w/d) subject to Σ w·x = T (Deville and Särndal 1992, JASA 87). With F the inverse of G's derivative the
weights are w = d·F(x·λ), and λ solves Σ d·F(x·λ)·x = T, found by Newton's steps, halved where they overshoot.
``linear``: F(u) = 1 + u, within bounds if given (generalised regression); ``raking``: F(u) = eᵘ, always positive;
``logit``: between both bounds, smoothly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import Column, FloatArray, as_floats
from qiao_stats.estimation.residuals import regression_controls
from qiao_stats.weighting.margins import Margins, Weighting, check_sums, check_weights, match_margin

Method: TypeAlias = Literal["linear", "raking", "logit"]
METHODS: tuple[Method, ...] = ("linear", "raking", "logit")

#: F(u) and its derivative.
_Curve: TypeAlias = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


def calibrate(
    weights: Column,
    columns: Mapping[str, Column],
    *,
    margins: Margins | None = None,
    totals: Mapping[str, float] | None = None,
    method: Method = "linear",
    bounds: tuple[float | None, float | None] | None = None,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Weighting:
    """Weights that meet the totals of categories and of numbers.

    Args:
        weights: start weights (n,).
        columns: the columns (n,), by name; those without a margin or total are left aside.
        margins: per categorical column the population total of each category.
        totals: per column of numbers its population total. The name ``1`` stands for the size of the population where
            there is no margin.
        method: see above.
        bounds: the least and the greatest new weight over old weight, around 1; needed for ``logit``, allowed for
            ``linear``.
        tolerance: totals are met to this relative distance.
        most: steps after which to give up.

    Raises:
        StatsError: nothing to calibrate to, a column that is not given, bounds not around 1 or not for this method,
            margins that disagree, a missing number, totals that contradict each other, no convergence, negative
            weights (``linear`` without bounds can make them).
    """
    start = check_weights(weights)
    margins, totals = margins or {}, totals or {}
    curve = _curve(method, bounds)
    x, target, names = _matrix(start, columns, margins, totals)
    alive = start > 0
    # Columns to one scale, so that a total in millions and a share weigh alike.
    scale = np.maximum(np.abs(target), (start[:, None] * np.abs(x)).sum(axis=0))
    scale[scale == 0] = 1.0
    d, basis, goal = start[alive], x[alive] / scale, target / scale
    fitted, rounds = _solve(d, basis, goal, curve, tolerance, most, names)
    result = np.zeros(start.size)
    result[alive] = fitted
    if bool(np.any(result < 0)):
        raise StatsError(
            "Linear calibration makes %(count)s weights negative. Use raking or logit, or give bounds.",
            row=int(np.argmin(result)), column="weights", count=int((result < 0).sum()),
        )  # fmt: skip
    gap = float(np.max(np.abs(fitted @ basis - goal)))
    return Weighting(result, start, rounds, gap, regression_controls(x / scale, start))


def _curve(method: Method, bounds: tuple[float | None, float | None] | None) -> _Curve:
    if method not in METHODS:
        raise StatsError("Unknown method of calibration: %(method)s.", column="method", method=method)
    low, high = bounds or (None, None)
    if method == "raking":
        if bounds is not None:
            raise StatsError("Raking takes no bounds: use logit.", column="bounds")
        return lambda u: (np.exp(u), np.exp(u))
    if (low is not None and low >= 1) or (high is not None and high <= 1) or (low is not None and low < 0):
        raise StatsError("Bounds of new over old weight lie around 1, such as 0.5 and 2.", column="bounds")
    if method == "linear":
        least, most = -np.inf if low is None else low, np.inf if high is None else high
        return lambda u: (
            np.clip(1 + u, least, most),
            ((1 + u > least) & (1 + u < most)).astype(np.float64),
        )
    if low is None or high is None:
        raise StatsError("Logit calibration needs two bounds of new over old weight.", column="bounds")
    a = (high - low) / ((1 - low) * (high - 1))

    def logistic(u: FloatArray) -> tuple[FloatArray, FloatArray]:
        # By the sign of u, so that the exponential never overflows.
        e = np.exp(-np.abs(a * u))
        up = np.where(u >= 0, 1.0, e)
        down = np.where(u >= 0, e, 1.0)
        bottom = (high - 1) * down + (1 - low) * up
        value = (low * (high - 1) * down + high * (1 - low) * up) / bottom
        slope = a * (high - low) * (1 - low) * (high - 1) * e / bottom**2
        return value, slope

    return logistic


def _matrix(
    start: FloatArray, columns: Mapping[str, Column], margins: Margins, totals: Mapping[str, float]
) -> tuple[FloatArray, FloatArray, list[str]]:
    """The columns X (n, k), the totals (k,) and what each is called."""
    if not margins and not totals:
        raise StatsError("Nothing to calibrate to: give margins or totals.", column="margins")
    parts: list[FloatArray] = []
    goals: list[FloatArray] = []
    names: list[str] = []
    sums: dict[str, float] = {}
    for name, known in margins.items():
        if name not in columns:
            raise StatsError("The margin %(name)s has no column.", column=name, name=name)
        codes, sizes, labels = match_margin(columns[name], known, start, name)
        parts.append((codes[:, None] == np.arange(sizes.size)).astype(np.float64))
        goals.append(sizes)
        names += [f"{name} = {label}" for label in labels]
        sums[name] = float(sizes.sum())
    for name, total in totals.items():
        if not np.isfinite(total):
            raise StatsError("The total of %(name)s is no number.", column=name, name=name)
        if name == "1" and name not in columns:
            x = np.ones(start.size)
            sums[name] = float(total)
        elif name not in columns:
            raise StatsError("The total %(name)s has no column.", column=name, name=name)
        else:
            x = as_floats(columns[name], column=name, rows=start.size)
        missing = np.flatnonzero(~np.isfinite(x))
        if missing.size:
            raise StatsError(
                "%(name)s is missing (%(count)s such rows); to calibrate to its total every row needs it.",
                row=int(missing[0]), column=name, name=name, count=missing.size,
            )  # fmt: skip
        parts.append(x[:, None])
        goals.append(np.array([float(total)]))
        names.append(name)
    check_sums(sums)
    return np.hstack(parts), np.concatenate(goals), names


def _solve(
    d: FloatArray, x: FloatArray, goal: FloatArray, curve: _Curve, tolerance: float, most: int, names: list[str]
) -> tuple[FloatArray, int]:
    """Weights d·F(x·λ) that meet the goal, and the steps it took."""

    def distance(at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, float]:
        with np.errstate(over="ignore", invalid="ignore"):
            value, slope = curve(x @ at)
            lacking = goal - (d * value) @ x
        size = float(np.max(np.abs(lacking)))
        return value, slope, lacking, size if np.isfinite(size) else np.inf

    # Rounding of the sums themselves sets the least distance that can be asked for.
    floor = max(tolerance, 64 * np.finfo(np.float64).eps)
    at = np.zeros(goal.size)
    value, slope, lacking, size = distance(at)
    for step in range(1, most + 1):
        if size <= floor:
            return d * value, step - 1
        hessian = (x * (d * slope)[:, None]).T @ x
        # Margins that overlap make it singular: the least of all solutions.
        move = np.linalg.lstsq(hessian, lacking, rcond=1e-12)[0]
        for _ in range(40):
            trial = distance(at + move)
            if trial[3] < size:
                break
            move = move / 2
        else:
            break
        at = at + move
        value, slope, lacking, size = trial
    if size <= max(floor, 1e-10):
        return d * value, most
    worst = int(np.argmax(np.abs(lacking)))
    raise StatsError(
        "Calibration does not converge: after %(most)s steps the total of %(name)s is still %(gap)s off. The totals "
        "contradict each other or lie beyond the bounds: widen the bounds, join categories or leave a total out.",
        column=names[worst].split(" = ")[0], most=most, name=names[worst], gap=f"{size:.2%}",
    )  # fmt: skip
