"""The three degrees of a service: who knows of it, who used it, and how many of its users are satisfied."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import BoolArray
from qiao_stats.judgment.shares import Share, share_of_answers

#: Of awareness, participation and satisfaction in the composite.
WEIGHTS: Mapping[str, float] = {"awareness": 0.2, "participation": 0.3, "satisfaction": 0.5}


@dataclass(frozen=True, slots=True)
class Degrees:
    """The figures of one evaluation.

    ``satisfaction`` and ``top_box`` are shares of the users who gave a grade, never of all; ``solved`` of those who had
    the need. ``composite`` is the weighted sum of awareness, participation and satisfaction, with the weighted sums of
    their bounds as its own: exact if the three move together, too wide otherwise, never too narrow. NaN without users.
    """

    answers: int
    users: int
    awareness: Share
    participation: Share
    satisfaction: Share
    top_box: Share
    solved: Share
    composite: tuple[float, float, float]


def three_degrees(
    *,
    aware: BoolArray,
    used: BoolArray,
    grade: np.ndarray[tuple[int], np.dtype[np.int64]],
    solved: np.ndarray[tuple[int], np.dtype[np.int64]],
    population: int,
    confidence: float = 0.95,
) -> Degrees:
    """Awareness, participation, satisfaction among users, solved, and their composite.

    Args:
        aware: (answers,) whether the person names or recognises the service.
        used: (answers,) whether the person used it or took part.
        grade: (answers,) 2 satisfied, 1 fairly satisfied, 0 not satisfied, −1 no grade. Grades of non-users are void.
        solved: (answers,) 2 solved, 1 partly, 0 not, −1 had no such need or did not say.
        population: members served.
        confidence: of all intervals.

    Raises:
        StatsError: columns of different length, a value outside these, more answers than members served.
    """
    size = int(aware.size)
    for name, column in (("used", used), ("grade", grade), ("solved", solved)):
        if column.size != size:
            raise StatsError(
                "The columns have different lengths: %(a)s and %(b)s rows.", column=name, a=size, b=column.size
            )
    for name, codes in (("grade", grade), ("solved", solved)):
        odd = np.flatnonzero((codes < -1) | (codes > 2))
        if odd.size:
            raise StatsError(
                "%(value)s is no code of this column.", row=int(odd[0]), column=name, value=int(codes[odd[0]])
            )
    everyone = np.ones(size, dtype=np.bool_)
    graded = used & (grade >= 0)
    needy = solved >= 0

    def share(hits: BoolArray, valid: BoolArray) -> Share:
        return share_of_answers(hits, valid, population=population, confidence=confidence)

    parts = {
        "awareness": share(aware, everyone),
        "participation": share(used, everyone),
        "satisfaction": share(grade >= 1, graded),
    }
    return Degrees(
        answers=size,
        users=int(used.sum()),
        top_box=share(grade == 2, graded),
        solved=share(solved == 2, needy),
        composite=_composite(parts),
        **parts,
    )


def _composite(parts: Mapping[str, Share]) -> tuple[float, float, float]:
    """Estimate, lower and upper bound of the weighted sum; NaN where a part has no base."""
    if any(part.n == 0 for part in parts.values()):
        return math.nan, math.nan, math.nan
    return (
        math.fsum(WEIGHTS[name] * part.estimate for name, part in parts.items()),
        math.fsum(WEIGHTS[name] * part.lower for name, part in parts.items()),
        math.fsum(WEIGHTS[name] * part.upper for name, part in parts.items()),
    )
