"""Confidence intervals of shares: symmetric, or on a scale that cannot leave [0, 1].

``mean``: p ± t·se. ``logit``: the same on the scale log(p/(1 − p)). ``asin``: on the scale asin √p. ``beta``: Korn and
Graubard (1998, Survey Methodology 24): the exact binomial interval for the effective sample size
n* = p(1 − p)/se² · (t(n − 1)/t(df))², for which the share 0 or 1 has an interval too (n* = n).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from scipy.special import betaincinv, expit, logit, stdtrit

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import FloatArray, IntArray

Interval: TypeAlias = Literal["mean", "logit", "asin", "beta"]
INTERVALS: tuple[Interval, ...] = ("mean", "logit", "asin", "beta")


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
            centre, half = logit(estimate), half / spread
            lower, upper = expit(centre - half), expit(centre + half)
        elif interval == "asin":
            centre, half = np.arcsin(np.sqrt(estimate)), half / (2 * np.sqrt(spread))
            lower, upper = np.sin(centre - half) ** 2, np.sin(centre + half) ** 2
        else:
            ratio = stdtrit(np.maximum(rows - 1, 1), (1 + confidence) / 2) / critical_value(confidence, df)
            extreme = spread <= 0
            size = np.where(extreme, rows, spread / se**2 * ratio**2)
            tail = (1 - confidence) / 2
            lower = np.where(estimate <= 0, 0.0, betaincinv(size * estimate, size * (1 - estimate) + 1, tail))
            upper = np.where(estimate >= 1, 1.0, betaincinv(size * estimate + 1, size * (1 - estimate), 1 - tail))
            unknown = np.isnan(estimate) | np.isnan(se)
            lower, upper = np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)
    return lower, upper
