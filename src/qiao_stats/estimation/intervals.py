"""Confidence intervals of shares: symmetric, or on a scale that cannot leave [0, 1].

``mean``: p ± t·se. ``logit``: the same on the scale log(p/(1 − p)). ``asin``: on the scale asin √p. ``beta``: Korn and
Graubard (1998, Survey Methodology 24): the exact binomial interval for the effective sample size
n* = p(1 − p)/se² · (t(n − 1)/t(df))², for which the share 0 or 1 has an interval too (n* = n). ``likelihood``: the
shares whose deviance from p, 2·[p·log(p/q) + (1 − p)·log((1 − p)/(1 − q))], is at most t²·se²/(p(1 − p))·n/(n − 1), the
design's scaling of the binomial likelihood ratio (Rao and Scott 1984, Annals of Statistics 12). Where the standard
error is 0 for a share between 0 and 1 nothing is left to chance, and the interval is the share itself.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from scipy.special import betaincinv, expit, logit, stdtrit

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import FloatArray, IntArray

Interval: TypeAlias = Literal["mean", "logit", "asin", "beta", "likelihood"]
INTERVALS: tuple[Interval, ...] = ("mean", "logit", "asin", "beta", "likelihood")


#: A standard error of a share up to this is rounding.
NO_ERROR = 1e-12


def critical_value(confidence: float, df: int) -> float:
    """The two-sided Student t value; NaN without degrees of freedom.

    Raises:
        StatsError: the confidence level is not strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise StatsError("The confidence level must lie strictly between 0 and 1, not %(value)s.", value=confidence)
    return float(stdtrit(df, (1 + confidence) / 2)) if df > 0 else float("nan")


def bounds(
    estimate: FloatArray, se: FloatArray, rows: IntArray, *, df: int, confidence: float, interval: Interval
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper bounds (p, g) for estimates and standard errors (p, g) from ``rows`` (p, g) rows.

    Raises:
        StatsError: an unknown kind of interval, or a confidence level outside (0, 1).
    """
    if interval not in INTERVALS:
        raise StatsError("Unknown kind of interval: %(interval)s.", interval=interval)
    half = critical_value(confidence, df) * se
    if interval == "mean":
        return estimate - half, estimate + half
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = estimate * (1 - estimate)
        if interval == "logit":
            centre, arm = logit(estimate), half / spread
            lower, upper = expit(centre - arm), expit(centre + arm)
        elif interval == "asin":
            centre, arm = np.arcsin(np.sqrt(estimate)), half / (2 * np.sqrt(spread))
            lower, upper = np.sin(centre - arm) ** 2, np.sin(centre + arm) ** 2
        elif interval == "likelihood":
            lower, upper = _deviance_bounds(estimate, half * half / spread * rows / np.maximum(rows - 1, 1))
        else:
            ratio = stdtrit(np.maximum(rows - 1, 1), (1 + confidence) / 2) / critical_value(confidence, df)
            extreme = spread <= 0
            size = np.where(extreme, rows, spread / np.maximum(se, NO_ERROR) ** 2 * ratio**2)
            tail = (1 - confidence) / 2
            lower = np.where(estimate <= 0, 0.0, betaincinv(size * estimate, size * (1 - estimate) + 1, tail))
            upper = np.where(estimate >= 1, 1.0, betaincinv(size * estimate + 1, size * (1 - estimate), 1 - tail))
            unknown = np.isnan(estimate) | np.isnan(se)
            lower, upper = np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)
        sure = (se <= NO_ERROR) & (spread > 0) & np.isfinite(half)
    return np.where(sure, estimate, lower), np.where(sure, estimate, upper)


def _deviance_bounds(p: FloatArray, reach: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both solutions q of deviance(p, q) = reach, by halving; NaN for a share of 0 or 1."""

    def deviance(q: FloatArray) -> FloatArray:
        return 2 * (p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q)))

    known = (p > 0) & (p < 1) & np.isfinite(reach)
    ends: list[FloatArray] = []
    for far in (np.zeros_like(p), np.ones_like(p)):
        outer, inner = far, p.copy()
        for _ in range(200):
            middle = (outer + inner) / 2
            beyond = deviance(middle) > reach
            outer, inner = np.where(beyond, middle, outer), np.where(beyond, inner, middle)
        ends.append(np.where(known, inner, np.nan))
    return ends[0], ends[1]
