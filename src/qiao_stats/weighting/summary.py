"""What weighting costs: Kish's effective sample size n ÷ (1 + cv²) of the weights and its design effect 1 + cv².

L. Kish, *Survey Sampling* (1965), 11.7. The coefficient of variation cv divides by n, not n − 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qiao_stats.estimation.arrays import Column
from qiao_stats.weighting.margins import check_weights


@dataclass(frozen=True, slots=True)
class WeightSummary:
    """``n`` rows of positive weight and their ``total``, ``minimum``, ``median``, ``maximum`` weights; ``cv`` of the
    weights, the design effect ``deff`` of weighting, the effective sample size ``n_eff``, rows ``trimmed``."""

    n: int
    total: float
    minimum: float
    median: float
    maximum: float
    cv: float
    deff: float
    n_eff: float
    trimmed: int = 0


def summarize_weights(weights: Column, *, trimmed: int = 0) -> WeightSummary:
    """The weights (n,) in figures. Raises StatsError for a missing or negative weight, or if all are zero."""
    w = check_weights(weights)
    w = w[w > 0]
    cv = float(w.std() / w.mean())
    deff = 1 + cv * cv
    return WeightSummary(
        int(w.size), float(w.sum()), float(w.min()), float(np.median(w)), float(w.max()), cv, deff, w.size / deff,
        trimmed,
    )  # fmt: skip
