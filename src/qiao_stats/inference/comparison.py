"""Whether groups differ under a design: t tests of means, and rank tests for scales and skewed values.

Rank tests (Lumley and Scott 2013, Biometrika 100): every row gets its estimated rank in the population, a score of it,
and the groups' mean scores are compared with their design-based error. ``wilcoxon``: the rank itself; ``waerden``: its
normal quantile; ``median``: whether it lies in the upper half. With three groups or more it is the Kruskal–Wallis test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import ndtri, stdtr
from scipy.stats import f as f_distribution

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray, Column, FloatArray, IntArray, as_floats, check_length, encode
from qiao_stats.estimation.covariance import total_covariance
from qiao_stats.estimation.design import Design
from qiao_stats.estimation.intervals import critical_value

RankScore: TypeAlias = Literal["wilcoxon", "waerden", "median"]
RANK_SCORES: tuple[RankScore, ...] = ("wilcoxon", "waerden", "median")

_SCORES: dict[RankScore, Callable[[FloatArray], FloatArray]] = {
    "wilcoxon": lambda share: share,
    "waerden": lambda share: np.asarray(ndtri(share), dtype=np.float64),
    "median": lambda share: (share > 0.5).astype(np.float64),
}


@dataclass(frozen=True, slots=True)
class Test:
    """A test: ``kind``, the ``estimate`` tested (a difference of means or of mean scores, second group minus first)
    with standard error and interval, the ``statistic`` (t, or χ² of several groups), degrees of freedom (``ndf`` 1 for
    t), two-sided ``p``, rows ``n`` and the ``groups`` compared. What does not apply is NaN."""

    kind: str
    estimate: float
    se: float
    lower: float
    upper: float
    statistic: float
    ndf: int
    df: int
    p: float
    n: int
    groups: tuple[str, ...]


# pytest would take the name for a test of its own.
Test.__test__ = False  # type: ignore[attr-defined]


def t_test(
    design: Design,
    values: Column,
    groups: Column | None = None,
    *,
    against: float = 0.0,
    where: BoolArray | None = None,
    confidence: float = 0.95,
) -> Test:
    """Test a mean against a number, or the means of two groups against each other.

    Both have the design's degrees of freedom minus one, as in R's survey.

    Raises:
        StatsError: other than two groups among the rows that count; columns of another length.
    """
    x = as_floats(values, column="values", rows=design.rows)
    codes, kept, names = _grouped(design, x, groups, where)
    w, z = design.weights, np.zeros(design.rows)
    if groups is None:
        estimate = float(w[kept] @ x[kept] / w[kept].sum()) - against
        z[kept] = (x[kept] - against - estimate) / w[kept].sum()
    else:
        if len(names) != 2:
            raise StatsError(
                "A t test compares two groups; there are %(count)s: %(names)s.",
                column="groups", count=len(names), names=", ".join(names[:8]),
            )  # fmt: skip
        means: list[float] = []
        for place, sign in ((0, -1.0), (1, 1.0)):
            part = kept & (codes == place)
            means.append(float(w[part] @ x[part] / w[part].sum()))
            z[part] = sign * (x[part] - means[-1]) / w[part].sum()
        estimate = means[1] - means[0]
    df = design.degrees_of_freedom(where) - 1
    return _t("t", design, estimate, z, kept, df, confidence, names)


def rank_test(
    design: Design,
    values: Column,
    groups: Column,
    *,
    score: RankScore = "wilcoxon",
    where: BoolArray | None = None,
    confidence: float = 0.95,
) -> Test:
    """Test whether groups differ in their ranks; ties share their middle rank.

    Raises:
        StatsError: fewer than two groups among the rows that count, an unknown score, columns of another length.
    """
    if score not in RANK_SCORES:
        raise StatsError("Unknown score of ranks: %(score)s.", column="score", score=score)
    x = as_floats(values, column="values", rows=design.rows)
    codes, kept, names = _grouped(design, x, groups, where)
    if len(names) < 2:
        raise StatsError("A rank test compares at least two groups.", column="groups")
    rows = np.flatnonzero(kept)
    w = design.weights[rows]
    scores = _SCORES[score](_rank_shares(x[rows], w))
    means, z = np.empty(len(names)), np.zeros((design.rows, len(names)))
    for place in range(len(names)):
        inside = codes[rows] == place
        means[place] = w[inside] @ scores[inside] / w[inside].sum()
        z[rows[inside], place] = (scores[inside] - means[place]) / w[inside].sum()
    differences = z[:, 1:] - z[:, :1]
    df = design.degrees_of_freedom(kept)
    if len(names) == 2:
        return _t(score, design, float(means[1] - means[0]), differences[:, 0], kept, df - 1, confidence, names)
    covariance = total_covariance(design, differences, kept)
    beta = means[1:] - means[0]
    ndf = len(names) - 1
    statistic = float(beta @ np.linalg.pinv(covariance, hermitian=True) @ beta)
    ddf = df - ndf
    p = float(f_distribution.sf(statistic / ndf, ndf, ddf)) if ddf > 0 else float("nan")
    nan = float("nan")
    return Test(score, nan, nan, nan, nan, statistic, ndf, ddf, p, int(rows.size), names)


def _grouped(
    design: Design, x: FloatArray, groups: Column | None, where: BoolArray | None
) -> tuple[IntArray, BoolArray, tuple[str, ...]]:
    """Codes (n,) of the groups that occur, the rows that count (n,), the groups' names."""
    kept = ~np.isnan(x) & (design.weights > 0)
    if where is not None:
        kept = kept & check_length(where, column="where", rows=design.rows)
    codes, labels = np.zeros(design.rows, dtype=np.int64), ("all",)
    if groups is not None:
        codes, found = encode(groups)
        check_length(codes, column="groups", rows=design.rows)
        kept = kept & (codes >= 0)
        seen = np.unique(codes[kept])
        place = np.full(len(found) + 1, -1, dtype=np.int64)
        place[seen] = np.arange(seen.size)
        codes = place[codes]
        return codes, kept, tuple(str(found[code]) for code in seen)
    if not bool(kept.any()):
        raise StatsError("No row is left to estimate from.")
    return codes, kept, labels


def _rank_shares(x: FloatArray, w: FloatArray) -> FloatArray:
    """Rank (n,) in the population over its size: the weight below, half a row's own, averaged over ties."""
    order = np.argsort(x, kind="stable")
    middle = np.cumsum(w[order]) - w[order] / 2
    _, tie = np.unique(x[order], return_inverse=True)
    mean = np.bincount(tie, weights=middle) / np.bincount(tie)
    shares = np.empty(x.size)
    shares[order] = mean[tie] / w.sum()
    return shares


def _t(
    kind: str, design: Design, estimate: float, z: FloatArray, kept: BoolArray, df: int, confidence: float,
    names: tuple[str, ...],
) -> Test:  # fmt: skip
    se = float(np.sqrt(total_covariance(design, z[:, None], kept)[0, 0]))
    half = critical_value(confidence, df) * se
    t = estimate / se if se > 0 else float("nan")
    p = 2 * float(stdtr(df, -abs(t))) if df > 0 else float("nan")
    return Test(kind, estimate, se, estimate - half, estimate + half, t, 1, df, p, int(kept.sum()), names)
