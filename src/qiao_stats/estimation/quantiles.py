"""Weighted quantiles with Woodruff intervals.

The interval of a quantile q at probability p comes from that of the share of rows with x ≤ q: its bounds, a Student t
interval on the probability scale, are turned back into values by the same rule (Woodruff 1952, JASA 47). A bound
outside [0, 1] has no value. The standard error is the interval's width over twice the t value. Rules are named as in
R's survey: ``math`` and ``school`` are the inverse distribution function (the latter with the mid-point where it is
flat), ``hf1`` … ``hf9`` those of Hyndman and Fan (1996, The American Statistician 50) carried over to weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, IntArray, as_floats
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.groups import Groups
from qiao_stats.estimation.intervals import critical_value
from qiao_stats.estimation.linear import mean
from qiao_stats.estimation.replicates import ReplicateDesign
from qiao_stats.estimation.results import Estimate

QuantileRule: TypeAlias = Literal["math", "school", "hf1", "hf2", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"]
#: How the interval of a quantile is found: Woodruff's, or from the quantiles of the replicates themselves.
QuantileInterval: TypeAlias = Literal["woodruff", "replicates"]
QUANTILE_RULES: tuple[QuantileRule, ...] = (
    "math", "school", "hf1", "hf2", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9",
)  # fmt: skip


def quantile(
    design: Design,
    values: Column,
    probabilities: Sequence[float] = (0.5,),
    *,
    name: str = "",
    rule: QuantileRule = "math",
    interval: QuantileInterval = "woodruff",
    by: Groups | None = None,
    where: BoolArray | None = None,
    confidence: float = 0.95,
) -> tuple[Estimate, ...]:
    """Quantiles of one column, by probability and within it by group.

    ``interval="replicates"`` needs replicate weights; do not use it with jackknife weights, for which it is not
    consistent.

    Raises:
        StatsError: a probability outside [0, 1], an unknown rule or interval, and as
            :func:`qiao_stats.estimation.estimate_many`.
    """
    if rule not in QUANTILE_RULES:
        raise StatsError("Unknown rule for quantiles: %(rule)s.", rule=rule)
    for p in probabilities:
        if not 0 <= p <= 1:
            raise StatsError("The probability of a quantile must lie between 0 and 1, not %(value)s.", value=p)
    if interval == "replicates" and not isinstance(design, ReplicateDesign):
        raise StatsError("Intervals by replicates need replicate weights.", column="replicates")
    x = as_floats(values, column=name, rows=design.rows)
    df = design.degrees_of_freedom(where)
    t = critical_value(confidence, df)
    keys = by.keys if by else ({},)
    usable = ~np.isnan(x) & (design.weights > 0)
    if where is not None:
        usable &= where
    if by is not None:
        usable &= by.codes >= 0
    rows = np.flatnonzero(usable)
    if by is not None:
        rows = rows[np.argsort(by.codes[rows], kind="stable")]
    sizes = np.array([rows.size]) if by is None else np.bincount(by.codes[rows], minlength=len(keys))
    inverses = [
        _inverse(x[part], design.weights[part], rule) if part.size else None
        for part in np.split(rows, np.cumsum(sizes)[:-1])
    ]
    figures: list[Estimate] = []
    parts = np.split(rows, np.cumsum(sizes)[:-1])
    if interval == "replicates" and isinstance(design, ReplicateDesign):
        for p in probabilities:
            for g, (part, inverse) in enumerate(zip(parts, inverses, strict=True)):
                value = np.nan if inverse is None else inverse(p)
                se = _replicate_error(design, x, part, p, rule, value)
                figures.append(
                    Estimate("quantile", name, f"{p:g}", keys[g], int(part.size), value, se, value - t * se,
                             value + t * se, float("nan"), df)
                )  # fmt: skip
        return tuple(figures)
    for p in probabilities:
        found = np.array([np.nan if inverse is None else inverse(p) for inverse in inverses])
        bound = np.full(design.rows, found[0]) if by is None else np.append(found, np.nan)[by.codes]
        below = np.where(np.isnan(x) | np.isnan(bound), np.nan, x <= bound)
        shares = mean(design, below, by=by, where=where, confidence=confidence, deff=None)
        for g, share in enumerate(shares):
            inverse = inverses[g]
            lower = inverse(share.lower) if inverse and share.lower >= 0 else float("nan")
            upper = inverse(share.upper) if inverse and share.upper <= 1 else float("nan")
            figures.append(
                Estimate("quantile", name, f"{p:g}", keys[g], share.n, float(found[g]), (upper - lower) / (2 * t),
                         lower, upper, float("nan"), df)
            )  # fmt: skip
    return tuple(figures)


def _replicate_error(
    design: ReplicateDesign, x: FloatArray, part: IntArray, p: float, rule: QuantileRule, value: float
) -> float:
    """Standard error of a quantile from those of the replicates, over the rows of one group."""
    theta = np.full(design.coefficients.size, np.nan)
    for r in range(theta.size):
        w = design.replicates[part, r]
        alive = w > 0
        if bool(alive.any()):
            theta[r] = _inverse(x[part][alive], w[alive], rule)(p)
    known = np.isfinite(theta) & (design.coefficients > 0)
    if not bool(known.any()):
        return float("nan")
    centre = value if design.around_estimate else float(theta[known].mean())
    return float(np.sqrt(design.coefficients[known] @ (theta[known] - centre) ** 2))


def _inverse(x: FloatArray, w: FloatArray, rule: QuantileRule) -> Callable[[float], float]:
    """The quantile function of values (n,) with positive weights (n,)."""
    # A stable sort keeps tied values in row order, which the interpolating rules depend on.
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    # Running sums in extended precision: whether one reaches p exactly decides between two values.
    running = np.cumsum(w, dtype=np.longdouble).astype(np.float64)
    whole = float(running[-1])
    if rule in ("math", "school", "hf1", "hf2", "hf4"):
        return lambda p: _step(x, running, whole, p, rule)
    if x.size == 1:
        return lambda _: float(x[0])
    before = np.concatenate(([0.0], running[:-1]))
    if rule == "hf5":
        knots = (running - w / 2) / whole
    elif rule == "hf6":
        knots = running / (whole + w[-1])
    elif rule == "hf7":
        knots = before / running[-2]
    elif rule == "hf8":
        knots = (before / 3 + running * 2 / 3) / (whole + w[-1] / 3)
    else:
        knots = (before * 3 / 8 + running * 5 / 8) / (whole + w[-1] / 4)
    return lambda p: float(np.interp(p, knots, x))


def _step(x: FloatArray, running: FloatArray, whole: float, p: float, rule: QuantileRule) -> float:
    low = int(np.searchsorted(running, p * whole, side="right")) - 1
    if low < 0:
        return float(x[0])
    high = min(low + 1, x.size - 1)
    below = p - float(running[low]) / whole
    if rule == "hf4":
        above = float(running[high]) / whole - p
        part = below / (above + below) if above + below > 0 else 0.0
        return float(x[low] * (1 - part) + x[high] * part)
    if below != 0:
        return float(x[high])
    return float((x[low] + x[high]) / 2) if rule in ("school", "hf2") else float(x[low])
