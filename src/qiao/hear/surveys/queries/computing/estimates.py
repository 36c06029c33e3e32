"""Estimates with intervals, over all and for every group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from qiao.hear.surveys.queries.computing.run import FloatArray, Run
from qiao_stats.errors import StatsError
from qiao_stats.estimation import estimate_many, quantile
from qiao_stats.estimation.groups import Groups
from qiao_stats.estimation.intervals import Interval
from qiao_stats.needs import interval_ends


def estimates_by_group(
    run: Run, columns: Mapping[str, FloatArray], statistic: str, answered: npt.NDArray[np.bool_] | None = None,
    by: Sequence[int] | None = None,
) -> list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]]:  # fmt: skip
    """Estimate, bounds and standard error (options,) over all and for every group, in one pass for each grouping."""
    count = len(columns)
    empty = np.full(count, np.nan)
    nothing = (empty, empty, empty, empty)
    here = np.ones(run.design.rows, dtype=np.bool_) if answered is None else answered
    parts = [(-1, np.zeros(run.design.rows, dtype=np.int64), 1)]
    parts += [(place, grouping.codes, len(grouping.keys)) for place, grouping in enumerate(run.groupings)]
    made: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]] = []
    for place, codes, size in parts:
        if place >= 0 and by is not None and place not in by:
            made += [nothing] * size
            continue
        inside = np.where(here & (codes < size), codes, -1)
        interval: Interval = "beta" if statistic == "share" else "mean"
        try:
            grid = estimate_many(
                run.design, columns, by=Groups(inside, tuple({"group": number} for number in range(size))),
                confidence=float(run.facts["confidence"]), deff=None, interval=interval,
            )  # fmt: skip
        except StatsError:
            made += [nothing] * size
            continue
        lower, upper = interval_ends(grid) if statistic == "share" else (grid.lower, grid.upper)
        made += [(grid.estimate[:, k], lower[:, k], upper[:, k], grid.se[:, k]) for k in range(size)]
    return made


def medians_by_group(
    run: Run, values: FloatArray, answered: npt.NDArray[np.bool_], by: Sequence[int]
) -> list[tuple[float, float, float]]:
    """Median with its interval over all and for every group; not a number where there is none."""
    nothing = (float("nan"),) * 3
    parts = [(-1, np.zeros(values.size, dtype=np.int64), 1)]
    parts += [(place, grouping.codes, len(grouping.keys)) for place, grouping in enumerate(run.groupings)]
    made: list[tuple[float, float, float]] = []
    for place, codes, size in parts:
        inside = np.where(answered & (codes < size), codes, -1)
        present = np.unique(inside[inside >= 0])
        found: dict[int, tuple[float, float, float]] = {}
        if present.size and (place < 0 or place in by):
            position = np.full(size + 1, -1, dtype=np.int64)
            position[present] = np.arange(present.size)
            groups = Groups(np.where(inside >= 0, position[inside], -1), tuple({"group": int(k)} for k in present))
            try:
                listed = quantile(run.design, values, (0.5,), by=groups, confidence=float(run.facts["confidence"]))
            except StatsError:
                listed = ()
            found = {int(str(one.by["group"])): (one.estimate, one.lower, one.upper) for one in listed}
        made += [found.get(k, nothing) for k in range(size)]
    return made
