"""The sampling design: weights, strata, clusters of one or more stages, finite population corrections.

A design is built once from columns and then serves any number of estimates. Its stages follow Särndal, Swensson and
Wretman, *Model Assisted Survey Sampling* (1992), ch. 4; what is done with odd designs follows R's package survey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import (
    BoolArray,
    Column,
    FloatArray,
    IntArray,
    as_floats,
    check_length,
    combine,
    encode,
)
from qiao_stats.estimation.residuals import Controls

#: What to do with a stratum of which only one cluster was sampled. ``fail``: refuse. ``adjust``: measure the cluster's
#: distance from the overall mean instead of its stratum's. ``average``: give it the mean variance of the other strata.
#: ``certainty`` and ``remove``: let it contribute nothing.
Lonely: TypeAlias = Literal["fail", "adjust", "average", "certainty", "remove"]
LONELY_RULES: tuple[Lonely, ...] = ("fail", "adjust", "average", "certainty", "remove")

# Where less than this part of a stratum was left out it counts as taken whole.
CENSUS = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of sampling.

    ``of_unit`` (units,): the cluster of this stage each finest unit lies in. ``stratum`` (clusters,): the stratum of
    each cluster (from the second stage on a stratum is a cluster of the stage before). Per stratum: ``sampled``
    clusters, ``population`` clusters (inf: no correction), ``fraction``: the product of the sampling fractions of the
    stages before it, and its ``labels``.
    """

    of_unit: IntArray
    stratum: IntArray
    sampled: FloatArray
    population: FloatArray
    fraction: FloatArray
    labels: tuple[str, ...]

    @property
    def rest(self) -> FloatArray:
        """1 − n/N per stratum (strata,): what the finite population correction leaves; 0 where all were taken."""
        rest = 1 - self.sampled / self.population
        return np.where(rest < CENSUS, 0.0, rest)

    @property
    def lonely(self) -> BoolArray:
        """Strata (strata,) of which one cluster out of several was sampled."""
        alone: BoolArray = (self.sampled == 1) & (self.rest > 0)
        return alone


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A sampling design of n rows, made by :func:`make_design`.

    ``weights`` (n,) are the rows' weights, ``unit`` (n,) the finest unit of variance each row lies in, ``stages`` the
    stages that contribute to the variance (only the first if there is no finite population correction). ``controls``:
    the totals that the weights were fitted to, if any (:func:`qiao_stats.weighting.calibrated`).
    """

    weights: FloatArray
    unit: IntArray
    stages: tuple[Stage, ...]
    lonely: Lonely
    repeated_clusters: bool
    controls: Controls | None = field(default=None, kw_only=True)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.weights.size)

    @property
    def clusters(self) -> int:
        """Number of first-stage clusters."""
        return int(self.stages[0].stratum.size)

    @property
    def strata(self) -> int:
        """Number of first-stage strata."""
        return int(self.stages[0].sampled.size)

    @property
    def has_lonely_strata(self) -> bool:
        """Whether a stratum of any stage has but one sampled cluster out of several."""
        return any(bool(stage.lonely.any()) for stage in self.stages)

    def degrees_of_freedom(self, where: BoolArray | None = None) -> int:
        """First-stage clusters minus strata, counting only those with a row of positive weight (within ``where``)."""
        first = self.stages[0]
        chosen = self.weights != 0
        if where is not None:
            chosen &= where
        if bool(chosen.all()):
            return self.clusters - self.strata
        # Marked, not sorted: this is asked once for each figure of a table.
        seen = np.zeros(self.clusters, dtype=np.bool_)
        seen[first.of_unit[self.unit[chosen]]] = True
        strata = np.zeros(self.strata, dtype=np.bool_)
        strata[first.stratum[seen]] = True
        return int(seen.sum() - strata.sum())


def make_design(
    *,
    weights: Column | None = None,
    strata: Column | None = None,
    clusters: Sequence[Column] = (),
    fpc: Sequence[Column] = (),
    rows: int | None = None,
    lonely: Lonely = "fail",
    nest: bool = True,
) -> Design:
    """Build a design from columns of n rows.

    Args:
        weights: how many of the population a row stands for. Without them: population over sample sizes, stage by
            stage, if ``fpc`` is given, else 1.
        strata: first-stage strata; without them there is one.
        clusters: one column per stage, first stage first; without them every row is a cluster. Clusters of later
            stages always count as nested in those of the stage before.
        fpc: per stage the number of clusters in the population of their stratum or, if no value is above 1, the
            fraction sampled. One column more than ``clusters`` is for the rows themselves as last stage; later
            stages without a column count as taken whole, as in R's survey.
        rows: n, needed if no column is given.
        lonely: see :data:`Lonely`.
        nest: the same cluster name in two strata means two clusters; False: refuse it.

    Raises:
        StatsError: columns of different length; a missing or negative weight; weights that are all zero; a missing
            stratum or cluster; a population size that is missing, not positive, varies within its stratum or is
            smaller than the sample; a cluster in two strata without ``nest``.
    """
    if lonely not in LONELY_RULES:
        raise StatsError("Unknown rule for lonely clusters: %(rule)s.", rule=lonely)
    given = [("weights", weights), ("strata", strata), *_named("clusters", clusters), *_named("fpc", fpc)]
    lengths = [len(values) for _, values in given if values is not None]
    size = rows if rows is not None else (lengths[0] if lengths else 0)
    if size == 0:
        raise StatsError("There are no rows to estimate from.")
    if len(fpc) > len(clusters) + 1:
        raise StatsError("There are more population sizes than stages of sampling.", column="fpc")
    stratum_of_row, stratum_labels = _codes(strata, "strata", size)
    levels = [_codes(values, name, size) for name, values in _named("clusters", clusters)]
    if not levels or len(fpc) > len(levels):
        levels.append((np.arange(size, dtype=np.int64), range(1, size + 1)))
    # Per stage: cluster of row, stratum of cluster, stratum of row, names of the strata.
    stages: list[tuple[IntArray, IntArray, IntArray, tuple[str, ...]]] = []
    repeated = False
    parent, names = stratum_of_row, tuple(str(label) for label in stratum_labels)
    used = max(1, len(fpc))
    for number, (level, level_labels) in enumerate(levels[:used]):
        if number == 0 and not clusters:
            code, stratum, cluster = level, stratum_of_row, level
        else:
            code, stratum, cluster = combine(parent, level, len(level_labels))
            if number == 0:
                repeated = np.unique(cluster).size < cluster.size
                if repeated and not nest:
                    _refuse_repeated(level, stratum_of_row)
        stages.append((code, stratum, parent, names))
        if number + 1 < used:
            parent, names = code, tuple(str(level_labels[c]) for c in cluster)
    sampled = [np.bincount(stratum, minlength=len(names)).astype(np.float64) for _, stratum, _, names in stages]
    population = [
        _population(as_floats(values, column=name, rows=size), stages[k][2], sampled[k], stages[k][3], name)
        for k, (name, values) in enumerate(_named("fpc", fpc))
    ] or [np.full(sampled[0].size, np.inf)]
    unit = stages[-1][0]
    units = int(unit.max()) + 1
    built: list[Stage] = []
    fraction = np.ones(sampled[0].size)
    for k, (code, stratum, _, names) in enumerate(stages):
        of_unit = np.empty(units, dtype=np.int64)
        of_unit[unit] = code
        built.append(Stage(of_unit, stratum, sampled[k], population[k], fraction, names))
        fraction = (fraction * sampled[k] / population[k])[stratum]
    if weights is None:
        final = np.ones(size)
        for k, (_, _, strata_of_rows, _) in enumerate(stages if fpc else []):
            final = final * (population[k] / sampled[k])[strata_of_rows]
        if not bool(np.isfinite(final).all()):
            raise StatsError("Weights cannot be taken from infinite population sizes.", column="fpc")
    else:
        final = _checked_weights(as_floats(weights, column="weights", rows=size))
    return Design(final, unit, tuple(built), lonely, repeated)


def _named(name: str, columns: Sequence[Column]) -> list[tuple[str, Column]]:
    return [(name if k == 0 else f"{name}{k + 1}", values) for k, values in enumerate(columns)]


def _codes(values: Column | None, column: str, rows: int) -> tuple[IntArray, Sequence[object]]:
    if values is None:
        return np.zeros(rows, dtype=np.int64), ("all",)
    codes, labels = encode(values)
    check_length(codes, column=column, rows=rows)
    missing = np.flatnonzero(codes < 0)
    if missing.size:
        raise StatsError(
            "The value is missing (%(count)s such rows); every row needs one here.",
            row=int(missing[0]),
            column=column,
            count=missing.size,
        )
    return codes, labels


def _refuse_repeated(clusters: IntArray, strata: IntArray) -> None:
    first_stratum = np.full(int(clusters.max()) + 1, -1, dtype=np.int64)
    first_stratum[clusters[::-1]] = strata[::-1]
    row = int(np.flatnonzero(first_stratum[clusters] != strata)[0])
    raise StatsError("The cluster of this row also occurs in another stratum.", row=row, column="clusters")


def _checked_weights(weights: FloatArray) -> FloatArray:
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if bad.size:
        row = int(bad[0])
        if np.isnan(weights[row]):
            raise StatsError("The weight is missing (%(count)s such rows).", row=row, column="weights", count=bad.size)
        raise StatsError(
            "The weight %(value)s is not allowed: a weight is zero or a positive number.",
            row=row,
            column="weights",
            value=f"{weights[row]:g}",
        )
    if not bool(np.any(weights > 0)):
        raise StatsError("All weights are zero.", column="weights")
    return weights


def _population(
    sizes: FloatArray, stratum_of_row: IntArray, sampled: FloatArray, labels: tuple[str, ...], column: str
) -> FloatArray:
    """Population clusters per stratum (strata,), from a column that holds them (or the sampling fraction) per row."""
    bad = np.flatnonzero(~(sizes > 0))
    if bad.size:
        raise StatsError("The population size is missing or not positive.", row=int(bad[0]), column=column)
    as_fraction = bool(np.all(sizes <= 1))
    of_stratum = np.empty(sampled.size)
    of_stratum[stratum_of_row[::-1]] = sizes[::-1]
    varies = np.flatnonzero(of_stratum[stratum_of_row] != sizes)
    if varies.size:
        row = int(varies[0])
        raise StatsError(
            "The population size varies within stratum %(stratum)s: %(first)s and %(second)s.",
            row=row,
            column=column,
            stratum=labels[stratum_of_row[row]],
            first=f"{of_stratum[stratum_of_row[row]]:g}",
            second=f"{sizes[row]:g}",
        )
    population = sampled / of_stratum if as_fraction else of_stratum
    # A relative hair is forgiven: fractions are often written with few digits.
    short = np.flatnonzero(population < sampled * (1 - 1e-12))
    if short.size:
        stratum = int(short[0])
        raise StatsError(
            "Stratum %(stratum)s has %(sampled)s sampled clusters, but a population of only %(population)s.",
            row=int(np.flatnonzero(stratum_of_row == stratum)[0]),
            column=column,
            stratum=labels[stratum],
            sampled=int(sampled[stratum]),
            population=f"{population[stratum]:g}",
        )
    return np.maximum(population, sampled)
