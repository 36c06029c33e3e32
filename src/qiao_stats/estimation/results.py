"""What estimation returns: one frozen record per figure, or arrays of them for many items and groups at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from qiao_stats.estimation.arrays import FloatArray, IntArray
from qiao_stats.estimation.intervals import Interval, bounds


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
    interval: Interval,
    rows: IntArray,
) -> Grid:
    """Complete estimates and variances (p, g) by standard errors and intervals."""
    se = np.sqrt(variance)
    lower, upper = bounds(estimate, se, rows, df=df, confidence=confidence, interval=interval)
    return Grid(statistic, items, groups, n, estimate, se, lower, upper, deff, df, confidence)
