"""The share of those who gave an answer, among the members served, with an interval that stays inside 0 and 1.

The standard error is the design-based one of a simple random sample without replacement, taken from N served
(:mod:`qiao_stats.estimation`), a share among users being that of a domain. The interval is Wilson's (1927) with the
effective sample size p(1 − p)/se² and Student's t, as Dean and Pagano, *Evaluating confidence interval methods for
binomial proportions in clustered surveys* (JSSAM 3, 2015), find best for shares near 0 and 1: there the plain interval
shrinks to a point and would call ten agreeing answers certainty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from qiao_stats.errors import StatsError
from qiao_stats.estimation import make_design, mean
from qiao_stats.estimation.arrays import BoolArray


@dataclass(frozen=True, slots=True)
class Share:
    """A share among ``n`` valid answers; ``lower`` and ``upper`` bound its interval. Without answers all are NaN."""

    n: int
    hits: int
    estimate: float
    se: float
    lower: float
    upper: float


def wilson(share: float, effective: float, critical: float) -> tuple[float, float]:
    """Wilson's interval of a share from an effective sample size (> 0) and a two-sided critical value.

    (p + c²/2m ± c·√(p(1 − p)/m + c²/4m²)) / (1 + c²/m), with m the effective size and c the critical value.
    """
    square = critical * critical / effective
    centre = share + square / 2
    half = critical * math.sqrt(share * (1 - share) / effective + square / (4 * effective))
    return max(0.0, (centre - half) / (1 + square)), min(1.0, (centre + half) / (1 + square))


def share_of_answers(hits: BoolArray, valid: BoolArray, *, population: int, confidence: float = 0.95) -> Share:
    """The share of ``hits`` among the ``valid`` of all answers, estimated for ``population`` members served.

    Args:
        hits: (answers,) whether the answer is one of those counted; only valid ones count.
        valid: (answers,) whether the answer belongs into the base: of users, say, those who gave a grade.
        population: N, the members served, all of whom had the same chance to be among the answers.
        confidence: of the interval, strictly between 0 and 1.

    Raises:
        StatsError: arrays of different length, more answers than members served.
    """
    if hits.size != valid.size:
        raise StatsError("The columns have different lengths: %(a)s and %(b)s rows.", a=hits.size, b=valid.size)
    answers, base = int(hits.size), int(valid.sum())
    if answers > population:
        raise StatsError(
            "There are %(answers)s answers of only %(population)s members served.",
            answers=answers,
            population=population,
        )
    counted = int((hits & valid).sum())
    if base == 0:
        return Share(0, 0, math.nan, math.nan, math.nan, math.nan)
    design = make_design(rows=answers, fpc=[np.full(answers, float(population))], lonely="certainty")
    (figure,) = mean(design, (hits & valid).astype(np.float64), where=valid, confidence=confidence, deff=None)
    lower, upper = _bounds(counted, base, answers, population, confidence)
    return Share(base, counted, figure.estimate, figure.se, lower, upper)


def _bounds(counted: int, base: int, answers: int, population: int, confidence: float) -> tuple[float, float]:
    """Bounds of the interval; everything is possible where one answer speaks for many."""
    share = counted / base
    if answers == population:
        return share, share
    if base < 2:
        return 0.0, 1.0
    # p(1 − p)/se² with se² = (1 − n/N) · n/(n − 1) · p(1 − p)/base: so written it also holds at 0 and at 1.
    effective = base * (answers - 1) / (answers * (1 - answers / population))
    return wilson(share, effective, float(stdtrit(base - 1, (1 + confidence) / 2)))
