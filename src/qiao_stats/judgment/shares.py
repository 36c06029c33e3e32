"""The share of those who gave an answer, among the members served, with an interval that stays inside 0 and 1.

The standard error is the design-based one of a simple random sample without replacement, taken from N served
(:mod:`qiao_stats.estimation`), a share among users being that of a domain. The interval is Korn and Graubard's: near 0
and 1 the plain one shrinks to a point and would call ten agreeing answers certainty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation import estimate_many, make_design
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
    counted = hits & valid
    if base == 0:
        return Share(0, 0, math.nan, math.nan, math.nan, math.nan)
    design = make_design(rows=answers, fpc=[np.full(answers, float(population))], lonely="certainty")
    grid = estimate_many(
        design, {"": counted.astype(np.float64)}, where=valid, confidence=confidence, deff=None, interval="beta"
    )
    (figure,) = grid.estimates()
    lower, upper = figure.lower, figure.upper
    if answers == population:
        # Everybody answered: nothing is estimated.
        lower = upper = figure.estimate
    return Share(base, int(counted.sum()), figure.estimate, figure.se, lower, upper)
