"""Finding bursts in a series of counts: stretches with far more than the time around them lets expect.

A Poisson scan over windows of fixed length. The rate expected in a window is that of the day around it without the
window itself and its neighbours; the limit is shared over all windows (Bonferroni), so that a quiet series of any
length gives a false alarm in one of a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from qiao_stats.errors import StatsError

#: Fewer than this in a window is never told: it would point at people.
LEAST = 20
#: How often a series without bursts may give one.
FALSE_ALARM = 0.001


@dataclass(frozen=True, slots=True)
class Burst:
    """One window: where it begins, how many came in it, and how many were to be expected."""

    begins: int
    votes: int
    expected: float


def find_bursts(counts: NDArray[np.int64], *, window: int = 10, around: int = 1440, least: int = LEAST) -> list[Burst]:
    """Windows of ``counts`` (one for each minute) that stand out, in the order of time.

    ``around`` is the stretch from which the expected rate is taken, half before and half after. At least one is
    expected everywhere: a first vote in a silent night is no burst. Raises `StatsError` for a window that is no length
    or counts below zero.
    """
    if window < 1 or around < 3 * window:
        raise StatsError("the window must be a minute or more, and the time around it three times as long")
    if counts.size and int(counts.min()) < 0:
        raise StatsError("a count is below zero")
    total = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    starts = np.arange(0, len(counts), window)
    ends = np.minimum(starts + window, len(counts))
    inside = total[ends] - total[starts]
    low, high = np.maximum(starts - around // 2, 0), np.minimum(ends + around // 2, len(counts))
    near_low, near_high = np.maximum(starts - window, 0), np.minimum(ends + window, len(counts))
    outside = (total[high] - total[low]) - (total[near_high] - total[near_low])
    minutes = np.maximum((high - low) - (near_high - near_low), 1)
    expected = np.maximum(outside / minutes * (ends - starts), 1.0)
    chance = poisson.sf(inside - 1, expected)
    out = (inside >= least) & (chance < FALSE_ALARM / max(len(starts), 1)) & (inside > 2 * expected)
    return [Burst(int(starts[k]), int(inside[k]), float(expected[k])) for k in np.flatnonzero(out)]
