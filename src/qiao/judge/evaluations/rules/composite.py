"""The weights of the composite: fixed with the terms, printed beside its parts (handbook C22, ``eval.weights``)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qiao.base.problems import Problem
from qiao_stats.judgment import WEIGHTS


def weights_from(given: object) -> dict[str, float]:
    """The three weights a file or the terms name; the former ones for none. Raises Problem where they sum not to 1."""
    if not given:
        return dict(WEIGHTS)
    if not isinstance(given, Mapping) or set(given) != set(WEIGHTS):
        raise Problem("The composite has one weight each for awareness, participation and satisfaction.")
    weights = {key: float(given[key]) for key in WEIGHTS}
    if not all(0 <= value <= 1 for value in weights.values()) or not math.isclose(math.fsum(weights.values()), 1):
        raise Problem("The weights of the composite sum to 1, and none is negative.")
    return weights
