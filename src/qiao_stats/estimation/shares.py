"""The short way to "how many of each group chose what", for needs analysis and boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qiao_stats.estimation.arrays import Column
from qiao_stats.estimation.design import make_design
from qiao_stats.estimation.groups import make_groups
from qiao_stats.estimation.intervals import Interval
from qiao_stats.estimation.linear import estimate_many, proportion
from qiao_stats.estimation.results import Estimate


def choice_shares(
    choices: Column | Mapping[str, Column],
    *,
    name: str = "",
    options: Sequence[object] | None = None,
    by: Mapping[str, Column] | None = None,
    weights: Column | None = None,
    strata: Column | None = None,
    clusters: Column | None = None,
    confidence: float = 0.95,
    interval: Interval = "beta",
) -> tuple[Estimate, ...]:
    """The share of people choosing each option, by group, with intervals that stay within [0, 1].

    Args:
        choices: a column of labels (n,), one choice each; or for "tick all that apply" a column of 0 and 1 per option.
        name: what the figures are called.
        options: the options to show and their order, for a column of labels; by default those that occur.
        by: the grouping columns (n,); their crossing makes the groups.
        weights, strata, clusters: the design (n,), as far as there is one. Small and messy data are taken as they
            are: a stratum with a single cluster is measured against the overall mean (rule ``adjust``).
        confidence: level of the intervals.
        interval: see :mod:`qiao_stats.estimation.intervals`.

    Raises:
        StatsError: columns of different length, faulty weights, a choice that is not among ``options``.
    """
    rows = len(next(iter(choices.values()))) if isinstance(choices, Mapping) else len(choices)
    design = make_design(
        weights=weights,
        strata=strata,
        clusters=[] if clusters is None else [clusters],
        rows=rows,
        lonely="adjust",
    )
    groups = make_groups(by, rows=rows) if by else None
    if isinstance(choices, Mapping):
        grid = estimate_many(design, choices, by=groups, confidence=confidence, interval=interval)
        return tuple(
            replace(figure, statistic="proportion", variable=name, level=figure.variable) for figure in grid.estimates()
        )
    return proportion(design, choices, name=name, levels=options, by=groups, confidence=confidence, interval=interval)
