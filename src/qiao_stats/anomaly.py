"""Figures that are too good, too regular or too sudden: reasons to look closer, never proof of anything.

Each function returns a :class:`Flag` or None. The p value is that of seeing something at least as odd where nothing
is wrong; it is small by design before a flag is raised, and with many figures some flags rise by chance alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, chisquare, norm, poisson

from qiao_stats.errors import StatsError

#: From this share on satisfaction is looked at more closely (handbook C22, a default).
HIGH = 0.98
#: Below this p value a pattern is flagged: rare enough that a federation of 1,000 units has about one by chance.
RARE = 0.001


@dataclass(frozen=True, slots=True)
class Flag:
    """What was odd: its ``kind``, over how many values ``n``, the odd ``value`` and what was ``expected``, ``p``."""

    kind: str
    n: int
    value: float
    expected: float
    p: float


def high_share(hits: int, n: int, *, limit: float = HIGH, least: int = 30) -> Flag | None:
    """A share of at least ``limit`` among at least ``least`` values: real people are seldom of one mind.

    ``p``: that so many agree where the true share is 0.9, about the best that independent surveys of services find
    (binomial). Raises StatsError for more hits than values.
    """
    if not 0 <= hits <= n:
        raise StatsError("There are %(hits)s hits of only %(n)s values.", hits=hits, n=n)
    if n < least or hits < limit * n:
        return None
    return Flag("high", n, hits / n, limit, float(binom.sf(hits - 1, n, 0.9)))


def burst(counts: Sequence[int] | npt.NDArray[np.int64], *, least: int = 20, rare: float = RARE) -> Flag | None:
    """A day (or hour) with far more answers than the rest: the largest count against Poisson with the mean of all.

    Given all n = Σ counts fell evenly, the largest of k cells is Bonferroni-bounded: p ≤ k · P(Binomial(n, 1/k) ≥ max)
    (Naus 1965 gives the scan statistic for moving windows; fixed cells are enough here). At least ``least`` answers and
    three cells. Raises StatsError for negative counts.
    """
    line = np.asarray(counts, dtype=np.int64)
    if bool((line < 0).any()):
        raise StatsError("counts cannot be negative")
    n, cells = int(line.sum()), int(line.size)
    if n < least or cells < 3:
        return None
    most = int(line.max())
    p = min(1.0, cells * float(binom.sf(most - 1, n, 1 / cells)))
    return Flag("burst", n, float(most), n / cells, p) if p < rare else None


def last_digits(values: Sequence[int], *, least: int = 50, rare: float = RARE) -> Flag | None:
    """Last digits that are not spread evenly, as in numbers made up at a desk: χ² against ten equal cells (9 df).

    Only values of at least 100 are looked at: below, the last digit of true counts is not even. Beber and Scacco (2012,
    Political Analysis 20, 211–234) give the argument for counts that vary by more than one order of ten. ``value`` is
    the share of the commonest digit. At least ``least`` values.
    """
    digits = np.array([value % 10 for value in values if value >= 100], dtype=np.int64)
    if digits.size < least:
        return None
    counts = np.bincount(digits, minlength=10)
    p = float(chisquare(counts).pvalue)
    return Flag("digits", int(digits.size), float(counts.max() / digits.size), 0.1, p) if p < rare else None


def runs(marks: Sequence[bool], *, least: int = 20, rare: float = RARE) -> Flag | None:
    """Good and bad in an order that is too regular or too clumped: the runs test of Wald and Wolfowitz (1940).

    ``marks`` in order of time. With a hits and b others the number of runs has mean 1 + 2ab/n and variance
    (μ−1)(μ−2)/(n−1); two-sided normal approximation with continuity correction. At least ``least`` marks and five of
    each kind.
    """
    line = np.asarray(marks, dtype=bool)
    n, a = int(line.size), int(line.sum())
    b = n - a
    if n < least or min(a, b) < 5:
        return None
    seen = 1 + int((line[1:] != line[:-1]).sum())
    mean = 1 + 2 * a * b / n
    variance = (mean - 1) * (mean - 2) / (n - 1)
    z = max(abs(seen - mean) - 0.5, 0.0) / np.sqrt(variance)
    p = float(2 * norm.sf(z))
    return Flag("runs", n, float(seen), mean, p) if p < rare else None


def identical_counts(values: Sequence[int], *, least: int = 10, rare: float = RARE) -> Flag | None:
    """The same number reported again and again: the commonest value against a Poisson law with the mean of all.

    Counts of at least 20 only: small ones repeat by themselves. Among n values the commonest is Bonferroni-bounded
    over the values that occur: p ≤ k · P(Binomial(n, q) ≥ m), q the largest Poisson probability there is. Real counts
    spread wider than Poisson, so the test errs on the side of silence. At least ``least`` values.
    """
    line = [value for value in values if value >= 20]
    if len(line) < least:
        return None
    _value, most = max(Counter(line).items(), key=lambda item: (item[1], item[0]))
    mean = float(np.mean(line))
    top = float(poisson.pmf(int(mean), mean))
    p = min(1.0, len(set(line)) * float(binom.sf(most - 1, len(line), top)))
    return Flag("identical", len(line), float(most), len(line) * top, p) if p < rare else None
