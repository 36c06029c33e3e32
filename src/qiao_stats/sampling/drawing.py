"""Drawing elements, clusters, and elements within clusters, with the probability of each to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError
from qiao_stats.sampling.ordering import ranks

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draw:
    """Who is drawn: ``places`` in the frame (sorted), each one's inclusion ``probability``, weight = 1 ÷ probability.

    ``first_stage``: the probability of its cluster, 1 where none was drawn. All three have the same shape.
    """

    places: IntArray
    probability: FloatArray
    first_stage: FloatArray

    @property
    def weight(self) -> FloatArray:
        """Base weights, the inverse of the inclusion probabilities."""
        return 1.0 / self.probability


def draw_elements(keys: Sequence[str], strata: Sequence[str], sizes: Mapping[str, int], *, seed: str) -> Draw:
    """A simple random sample without replacement in each stratum: the n_h elements with the smallest numbers.

    ``keys`` name the elements, once each; ``strata`` are theirs (same length). Inclusion probability n_h ÷ N_h.
    Raises StatsError for unequal lengths, an unknown stratum in ``sizes``, or more asked than there are.
    """
    _same_length(keys, strata)
    numbers = ranks(keys, seed)
    chosen: list[IntArray] = []
    chances: list[FloatArray] = []
    members = _groups(strata)
    for name in sorted(sizes):
        size = sizes[name]
        places = members.get(name)
        have = 0 if places is None else len(places)
        if not 0 <= size <= have:
            raise StatsError(
                "Stratum %(name)s has %(number)d elements, and %(asked)d are asked of it.",
                name=name, number=have, asked=size, column="stratum",
            )  # fmt: skip
        if places is None or size == 0:
            continue
        first = places[np.argsort(numbers[places], kind="stable")[:size]]
        chosen.append(first)
        chances.append(np.full(size, size / have))
    return _draw(chosen, chances, [np.ones(len(part)) for part in chosen])


def draw_clusters(sizes: Mapping[str, int], n: int, *, seed: str, by_size: bool = True) -> dict[str, float]:
    """``n`` clusters with the probability of each: by size (systematic, Madow 1949) or all alike.

    By size: clusters in the order of their numbers, a start from the seed, every (sum ÷ n)-th element; a cluster larger
    than this step is taken for certain, and the rest drawn anew (π = n·M_i ÷ ΣM for the others). Raises StatsError for
    an empty cluster or more clusters asked than there are.
    """
    names = sorted(sizes)
    if not 1 <= n <= len(names):
        raise StatsError(
            "There are %(number)d clusters, and %(asked)d are asked.", number=len(names), asked=n, column="n"
        )
    if any(sizes[name] < 1 for name in names):
        raise StatsError("A cluster needs at least one element.", column="cluster")
    numbers = dict(zip(names, ranks(names, seed), strict=True))
    order = sorted(names, key=lambda name: (numbers[name], name))
    if not by_size:
        return dict.fromkeys(order[:n], n / len(names))
    certain: dict[str, float] = {}
    while True:
        rest = [name for name in order if name not in certain]
        left = n - len(certain)
        total = sum(sizes[name] for name in rest)
        large = [name for name in rest if left and sizes[name] * left >= total]
        if not large or left == 0:
            break
        certain |= dict.fromkeys(large, 1.0)
    if left == 0:
        return certain
    step = total / left
    start = float(ranks(["start"], seed)[0]) * step
    ends = np.cumsum([sizes[name] for name in rest])
    # The last point may be rounded up to the very end.
    hits = np.minimum(np.searchsorted(ends, start + step * np.arange(left), side="right"), len(rest) - 1)
    return certain | {rest[place]: left * sizes[rest[place]] / total for place in hits}


def draw_two_stage(
    keys: Sequence[str],
    clusters: Sequence[str],
    *,
    n_clusters: int,
    per_cluster: int,
    seed: str,
    strata: Sequence[str] | None = None,
    by_size: bool = True,
) -> Draw:
    """Clusters first, then ``per_cluster`` elements in each (all where it has no more).

    Drawn by size with a fixed number in each, every element of a stratum has nearly the same chance (self-weighting).
    ``strata``: of the clusters, given at each element; then ``n_clusters`` are drawn in each stratum (all where it has
    no more), each with a seed of its own (seed, "/", stratum). Probability = first stage × second stage.

    Raises StatsError for unequal lengths, a cluster in two strata, or nothing to draw.
    """
    _same_length(keys, clusters)
    if per_cluster < 1:
        raise StatsError("At least one element is drawn from a cluster.", column="per_cluster")
    numbers = ranks(keys, seed)
    members = _groups(clusters)
    home = _homes(clusters, strata)
    chosen: list[IntArray] = []
    chances: list[FloatArray] = []
    firsts: list[FloatArray] = []
    for stratum in sorted(set(home.values())):
        sizes = {name: len(members[name]) for name in members if home[name] == stratum}
        drawn = draw_clusters(
            sizes, min(n_clusters, len(sizes)), seed=f"{seed}/{stratum}" if strata else seed, by_size=by_size
        )
        for name in sorted(drawn):
            places = members[name]
            size = min(per_cluster, len(places))
            chosen.append(places[np.argsort(numbers[places], kind="stable")[:size]])
            firsts.append(np.full(size, drawn[name]))
            chances.append(np.full(size, drawn[name] * size / len(places)))
    return _draw(chosen, chances, firsts)


def _homes(clusters: Sequence[str], strata: Sequence[str] | None) -> dict[str, str]:
    if strata is None:
        return dict.fromkeys(clusters, "")
    _same_length(clusters, strata)
    home: dict[str, str] = {}
    for place, (cluster, stratum) in enumerate(zip(clusters, strata, strict=True)):
        if home.setdefault(cluster, stratum) != stratum:
            raise StatsError(
                "Cluster %(cluster)s stands in two strata: %(one)s and %(other)s.",
                cluster=cluster, one=home[cluster], other=stratum, row=place, column="stratum",
            )  # fmt: skip
    return home


def _groups(labels: Sequence[str]) -> dict[str, IntArray]:
    """The places of each label, labels in order of name."""
    codes: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        codes.setdefault(label, []).append(place)
    return {label: np.array(codes[label], dtype=np.int64) for label in sorted(codes)}


def _same_length(one: Sequence[str], other: Sequence[str]) -> None:
    if len(one) != len(other):
        raise StatsError("Each element needs one label: %(one)d and %(other)d.", one=len(one), other=len(other))


def _draw(chosen: list[IntArray], chances: list[FloatArray], firsts: list[FloatArray]) -> Draw:
    if not chosen:
        raise StatsError("Nobody would be drawn.", column="n")
    places = np.concatenate(chosen)
    order = np.argsort(places, kind="stable")
    return Draw(places[order], np.concatenate(chances)[order], np.concatenate(firsts)[order])
