"""Trimming: very large (or small) weights are cut, what is cut goes to the others, the total stays.

Trimming trades bias for variance (Potter 1990, ASA Proceedings, 225–230); totals fitted before no longer hold exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray
from qiao_stats.weighting.margins import check_weights

#: Who gets what was cut. ``even``: every untrimmed row the same amount (as R's survey); ``proportional``: by weight;
#: ``none``: nobody, the total falls.
Spread: TypeAlias = Literal["even", "proportional", "none"]
SPREADS: tuple[Spread, ...] = ("even", "proportional", "none")


@dataclass(frozen=True, slots=True, eq=False)
class Trimmed:
    """``weights`` (n,) after trimming, ``cut`` (n,) the rows whose weight was out of bounds, and the bounds used."""

    weights: FloatArray
    cut: BoolArray
    lower: float
    upper: float

    @property
    def count(self) -> int:
        """Number of rows cut."""
        return int(self.cut.sum())


def trim(
    weights: Column,
    cap: float | None = None,
    *,
    bounds: tuple[float | None, float | None] | None = None,
    relative: bool = False,
    redistribute: Spread = "even",
    strict: bool = True,
    most: int = 100,
) -> Trimmed:
    """Weights (n,) brought within bounds.

    Args:
        weights: of n rows; rows of weight zero stay as they are.
        cap: the largest weight; the same as ``bounds=(None, cap)``.
        bounds: the smallest and the largest weight, None for open.
        relative: bounds are multiples of the median of the positive weights.
        redistribute: see :data:`Spread`.
        strict: repeat while the rows that received weight are pushed over a bound; False: one pass, as R's survey by
            default.
        most: passes after which to give up.

    Raises:
        StatsError: no bound or two that cross, bounds that the mean weight lies outside of (nobody is left to take
            what is cut), no end after ``most`` passes.
    """
    w = check_weights(weights)
    if (cap is None) == (bounds is None):
        raise StatsError("Say how far weights may go: either a cap or two bounds.", column="bounds")
    if redistribute not in SPREADS:
        raise StatsError("Unknown way to redistribute: %(way)s.", way=redistribute)
    low, high = (None, cap) if bounds is None else bounds
    unit = float(np.median(w[w > 0])) if relative else 1.0
    lower = 0.0 if low is None else low * unit
    upper = np.inf if high is None else high * unit
    if not (0 <= lower < upper):
        raise StatsError(
            "The bounds of weights cross: %(lower)s and %(upper)s.", column="bounds", lower=f"{lower:g}",
            upper=f"{upper:g}",
        )  # fmt: skip
    alive = w > 0
    before = w
    ever: BoolArray = np.zeros(w.size, dtype=np.bool_)
    for _ in range(most):
        out = alive & ((w < lower * (1 - 1e-12)) | (w > upper * (1 + 1e-12)))
        if not bool(out.any()):
            break
        ever = ever | out
        held = np.where(alive, np.clip(w, lower, upper), w)
        rest = float((w - held).sum())
        takers = alive & ~out & (~ever if strict else True)
        if redistribute == "none":
            w = held
            break
        if not bool(takers.any()):
            raise StatsError(
                "With these bounds (%(lower)s to %(upper)s) no weight is left to take what is cut; the mean weight is "
                "%(mean)s. Widen the bounds, or do not redistribute.",
                column="bounds", lower=f"{lower:g}", upper=f"{upper:g}", mean=f"{before[alive].mean():g}",
            )  # fmt: skip
        if redistribute == "even":
            w = np.where(takers, held + rest / int(takers.sum()), held)
        else:
            w = np.where(takers, held * (1 + rest / float(held[takers].sum())), held)
        if bool(np.any(w < 0)):
            raise StatsError("The lower bound takes more than the other weights have.", column="bounds")
        if not strict:
            break
    else:
        raise StatsError("Trimming does not come to an end after %(most)s passes.", column="bounds", most=most)
    return Trimmed(w, ever, lower, float(upper))
