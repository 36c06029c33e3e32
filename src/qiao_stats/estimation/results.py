"""What estimation returns: one frozen record per figure, or arrays of them for many items and groups at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.special import stdtrit

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure with how sure it is.

    ``statistic`` is mean, total, ratio, proportion or quantile; ``level`` the category of a proportion or the
    probability of a quantile; ``by`` the group; ``n`` the rows used. ``lower`` and ``upper`` bound the confidence
    interval, ``deff`` is the design effect and ``df`` the degrees of freedom behind the interval. What cannot be
    computed is NaN.
    """

    statistic: str
    variable: str
    level: str | None
    by: Mapping[str, object]
    n: int
    estimate: float
    se: float
    lower: float
    upper: float
    deff: float
    df: int


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Figures for p items × g groups; every array is (p, g). ``items`` are pairs of variable and level."""

    statistic: str
    items: tuple[tuple[str, str | None], ...]
    groups: tuple[Mapping[str, object], ...]
    n: IntArray
    estimate: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    deff: FloatArray
    df: int
    confidence: float = field(default=0.95)

    def estimates(self) -> tuple[Estimate, ...]:
        """The same figures one by one: item by item, within an item group by group."""
        return tuple(
            Estimate(
                self.statistic, variable, level, group, int(self.n[p, g]), float(self.estimate[p, g]),
                float(self.se[p, g]), float(self.lower[p, g]), float(self.upper[p, g]), float(self.deff[p, g]), self.df,
            )
            for p, (variable, level) in enumerate(self.items)
            for g, group in enumerate(self.groups)
        )  # fmt: skip


def critical_value(confidence: float, df: int) -> float:
    """The two-sided Student t value; NaN without degrees of freedom.

    Raises:
        StatsError: the confidence level is not strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise StatsError("The confidence level must lie strictly between 0 and 1, not %(value)s.", value=confidence)
    return float(stdtrit(df, (1 + confidence) / 2)) if df > 0 else float("nan")


def make_grid(
    statistic: str,
    items: tuple[tuple[str, str | None], ...],
    groups: tuple[Mapping[str, object], ...],
    *,
    n: IntArray,
    estimate: FloatArray,
    variance: FloatArray,
    deff: FloatArray,
    df: int,
    confidence: float,
) -> Grid:
    """Complete estimates and variances (p, g) by standard errors and Student t intervals."""
    se = np.sqrt(variance)
    half = critical_value(confidence, df) * se
    return Grid(statistic, items, groups, n, estimate, se, estimate - half, estimate + half, deff, df, confidence)
