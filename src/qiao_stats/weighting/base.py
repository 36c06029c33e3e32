"""The first steps of weighting: the inverse of the chance of being drawn, and the non-response of classes of people.

A base weight is d = 1/π (Horvitz and Thompson 1952, JASA 47). Within a cell of people who answer alike the respondents
stand for all who were drawn: w = d · Σ d / Σ d of respondents (Little and Rubin 2019, 3.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qiao_stats.errors import StatsError
from qiao_stats.estimation.arrays import Column, FloatArray, as_floats, bin_sums, check_length, encode
from qiao_stats.estimation.groups import make_groups
from qiao_stats.weighting.margins import check_weights, key_of, label_codes


@dataclass(frozen=True, slots=True)
class Merged:
    """``labels`` (n,): the stratum of each row after merging; ``joined``: for each new stratum the old ones in it."""

    labels: tuple[str, ...]
    joined: Mapping[str, tuple[object, ...]]


def base_weights(
    probability: Column | None = None,
    *,
    strata: Column | None = None,
    population: Mapping[object, float] | float | None = None,
    rows: int | None = None,
) -> FloatArray:
    """Weights (n,) before any adjustment.

    Args:
        probability: the chance (n,) with which each row was drawn, as ``qiao_stats.sampling.Draw.probability`` has it;
            or else
        strata: stratum (n,) of each row, with ``population`` a size for each stratum: N/n of the stratum. Without
            strata ``population`` is one number and ``rows`` (n) must be given.

    Raises:
        StatsError: neither or both given, a chance outside (0, 1], a stratum without a population size, a population
            smaller than its sample.
    """
    if (probability is None) == (population is None):
        raise StatsError("Base weights come either from probabilities or from population sizes: give one of them.")
    if probability is not None:
        chance = as_floats(probability, column="probability", rows=rows)
        bad = np.flatnonzero(~((chance > 0) & (chance <= 1)))
        if bad.size:
            raise StatsError(
                "A probability lies above 0 and at most at 1, not at %(value)s.",
                row=int(bad[0]), column="probability", value=f"{chance[bad[0]]:g}",
            )  # fmt: skip
        return 1 / chance
    if strata is None:
        if rows is None or not isinstance(population, (int, float)):
            raise StatsError("Without strata give one population size and the number of rows.", column="population")
        codes = np.zeros(rows, dtype=np.int64)
        labels: tuple[str, ...] = ("all",)
        sizes: Mapping[object, float] = {"all": float(population)}
    else:
        if not isinstance(population, Mapping):
            raise StatsError("With strata give a population size for each.", column="population")
        codes, found = label_codes(strata, "strata", rows)
        labels, sizes = tuple(str(label) for label in found), population
        sizes = {str(name): float(size) for name, size in population.items()}
    sampled = np.bincount(codes, minlength=len(labels))
    factor = np.empty(len(labels))
    for place, label in enumerate(labels):
        size = sizes.get(label)
        if size is None:
            raise StatsError("Stratum %(stratum)s has no population size.", column="population", stratum=label)
        if size < sampled[place]:
            raise StatsError(
                "Stratum %(stratum)s has %(sampled)s sampled rows, but a population of only %(population)s.",
                column="population", stratum=label, sampled=int(sampled[place]), population=f"{size:g}",
            )  # fmt: skip
        factor[place] = size / sampled[place]
    return factor[codes]


def adjust_nonresponse(weights: Column, responded: Column, cells: Mapping[str, Column] | None = None) -> FloatArray:
    """Weights (n,) of all who were drawn, moved within each cell from those who did not answer (0) to those who did.

    Args:
        weights: base weights (n,) of all rows drawn, respondents or not.
        responded: whether (n,) each answered (True/False or 1/0).
        cells: columns (n,) whose crossing makes the cells; without them there is one. A missing value is a cell of
            its own.

    Raises:
        StatsError: faulty weights, a response that is neither yes nor no, a cell in which nobody (of positive weight)
            answered: merge it with another (:func:`merge_small`).
    """
    w = check_weights(weights)
    answered = as_floats(responded, column="responded", rows=w.size)
    bad = np.flatnonzero((answered != 0) & (answered != 1))
    if bad.size:
        raise StatsError(
            "Whether this row answered is neither yes (1) nor no (0).", row=int(bad[0]), column="responded"
        )
    codes = np.zeros(w.size, dtype=np.int64)
    keys: list[dict[str, object]] = [{}] if not cells else []
    if cells:
        columns: dict[str, Column] = {}
        for name, values in cells.items():
            level, labels = encode(values)
            check_length(level, column=name, rows=w.size)
            columns[name] = [str(labels[code]) if code >= 0 else "—" for code in level]
        groups = make_groups(columns, rows=w.size)
        codes, keys = groups.codes, list(groups.keys)
    drawn = bin_sums(codes, w, len(keys))
    stayed = bin_sums(codes, w * answered, len(keys))
    empty = np.flatnonzero((stayed <= 0) & (drawn > 0))
    if empty.size:
        raise StatsError(
            "Nobody answered in the cell %(cell)s (%(count)s such cells), so nobody can stand for it. Merge it with a "
            "cell of people who are alike.",
            column=next(iter(cells)) if cells else "responded",
            cell=" × ".join(str(value) for value in keys[int(empty[0])].values()) or "of all",
            count=empty.size,
        )  # fmt: skip
    factor = np.divide(drawn, stayed, out=np.ones(len(keys)), where=stayed > 0)
    adjusted: FloatArray = w * answered * factor[codes]
    return adjusted


def merge_small(
    labels: Column, *, least: int, order: Sequence[object] | None = None, counted: Column | None = None
) -> Merged:
    """Join strata or cells with fewer than ``least`` rows to the smaller of their neighbours, until none is too small.

    Args:
        labels: stratum (n,) of each row, none missing.
        least: the fewest rows a stratum may have.
        order: the strata such that neighbours are alike (regions, sizes); by default sorted by name.
        counted: rows (n,) that count towards the size (such as those who answered); by default all.

    Joined strata are named by their members with “ + ” between them.

    Raises:
        StatsError: a row without a stratum, a stratum missing from ``order``, fewer than ``least`` rows in all.
    """
    codes, found = label_codes(labels, "strata", None)
    names = list(found)
    if order is not None:
        wanted = [key_of(label) for label in order]
        for place, label in enumerate(names):
            if key_of(label) not in wanted:
                raise StatsError(
                    "Stratum %(stratum)s is not in the order of strata.",
                    row=int(np.flatnonzero(codes == place)[0]), column="strata", stratum=label,
                )  # fmt: skip
        ranked = sorted(range(len(names)), key=lambda place: wanted.index(key_of(names[place])))
    else:
        ranked = list(range(len(names)))
    counts = np.ones(codes.size) if counted is None else as_floats(counted, column="counted", rows=codes.size)
    sizes = bin_sums(codes, counts, len(names))
    blocks: list[list[int]] = [[place] for place in ranked]
    weight = [float(sizes[place]) for place in ranked]
    if sum(weight) < least:
        raise StatsError(
            "All strata together have %(found)s rows, fewer than %(least)s.", column="strata",
            found=int(sum(weight)), least=least,
        )  # fmt: skip
    while min(weight) < least:
        small = weight.index(min(weight))
        near = [place for place in (small - 1, small + 1) if 0 <= place < len(blocks)]
        other = min(near, key=lambda place: weight[place])
        first, second = min(small, other), max(small, other)
        blocks[first] += blocks.pop(second)
        weight[first] += weight.pop(second)
    joined = {
        " + ".join(str(names[place]) for place in block): tuple(names[place] for place in block) for block in blocks
    }
    name_of = {place: name for name, block in zip(joined, blocks, strict=True) for place in block}
    return Merged(tuple(name_of[int(code)] for code in codes), joined)
