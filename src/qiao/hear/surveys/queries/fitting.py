"""Fitting weights to known totals by the method of a plan: when it is made, and whenever it is computed again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from qiao.hear.surveys.choices import WeightMethod
from qiao_stats.weighting import Weighting, poststratify, rake


def fitted(
    method: str, start: npt.ArrayLike, stratum: npt.ArrayLike, category: npt.ArrayLike,
    totals: Mapping[str, Mapping[str, float]], cells: Mapping[tuple[str, str], float],
) -> Weighting:  # fmt: skip
    """The fit of a plan's method on rows: raked margins, or cells of stratum by category, or strata.

    Raises StatsError where the totals cannot be met.
    """
    weights = np.asarray(start, dtype=np.float64)
    strata, kinds = list(np.asarray(stratum, dtype=object)), list(np.asarray(category, dtype=object))
    columns = {"stratum": strata, "category": kinds}
    known: dict[str, dict[object, float]] = {name: dict(margin.items()) for name, margin in totals.items()}
    if method == WeightMethod.RAKE:
        return rake(weights, columns, {"stratum": known["stratum"], "category": known["employment"]})
    if method == WeightMethod.CELLS:
        by_cell: dict[object, float] = {key: float(size) for key, size in cells.items()}
        return poststratify(weights, columns, by_cell)
    return poststratify(weights, {"stratum": strata}, known["stratum"])
