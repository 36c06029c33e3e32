"""Clusters of sentence vectors, as many as hold when some of the texts are taken away.

1. Directions: the mean vector is taken off (all short texts of one house share it), the leading principal components
   are kept, rows are scaled to length 1, so that Euclidean distance is cosine distance.
2. A tree by Ward's method (Ward 1963, JASA 58) over at most 2,000 rows: it has no random start.
3. For each number of clusters k the tree is cut; quality is the mean silhouette (Rousseeuw 1987), stability the mean
   adjusted Rand index (Hubert and Arabie 1985) between this cut and those of trees over random four fifths of the rows
   (Ben-Hur, Elisseeff and Guyon 2002). The k with the highest product is taken.
4. From the centres of that cut k-means (Lloyd) runs over all rows.
5. Rows between two centres or far from theirs, and clusters that are too small, belong to no topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from qiao_stats.errors import StatsError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: Rows of the tree; principal components; trees over parts of the rows; rows the components are sought on.
TREE, COMPONENTS, PARTS, BASIS = 2_000, 24, 5, 8_000
#: Fewer different texts make no topics.
FEWEST = 12
#: A row whose cosine to its own centre is not this much above that to the next belongs to no cluster, nor one whose
#: cosine is below this share of its cluster's median.
MARGIN, FAR = 0.04, 0.5


@dataclass(frozen=True, slots=True)
class Tried:
    """One number of clusters with its silhouette (−1 to 1) and its stability (adjusted Rand index, 1 is perfect)."""

    k: int
    silhouette: float
    stability: float


@dataclass(frozen=True, slots=True)
class Clusters:
    """``labels`` (n,): 0…k−1, the largest first, −1 for rows of none. ``space`` (n, p): the directions compared.

    ``tried``: every number of clusters that was compared; ``chosen`` the one taken, None where there were too few rows.
    """

    labels: IntArray
    space: FloatArray
    tried: tuple[Tried, ...]
    chosen: Tried | None


def cluster(
    vectors: npt.ArrayLike,
    *,
    seed: int,
    weights: npt.ArrayLike | None = None,
    k: int | None = None,
    most: int = 15,
    least: int = 5,
) -> Clusters:
    """Cluster n vectors (n, p).

    Args:
        vectors: finite; rows of length 0 belong to no cluster.
        seed: of the samples; the same seed gives the same clusters.
        weights: size (n,) of each row when clusters are ranked and held against ``least`` (default 1); the clusters
            themselves do not depend on it.
        k: the number of clusters; None has it chosen from 2 to ``most``.
        most: largest number of clusters tried.
        least: clusters of less weight are dissolved.

    Raises:
        StatsError: vectors that are no table of finite numbers, weights of another length, k below 1.
    """
    table = np.asarray(vectors)
    # Vectors of single precision stay so: of 100,000 texts a copy in double would be 400 MB.
    table = table if table.dtype == np.float32 else table.astype(np.float64)
    if table.ndim != 2 or not bool(np.isfinite(table).all()):
        raise StatsError("Vectors must be a table of finite numbers.", column="vectors")
    size = np.ones(len(table)) if weights is None else np.asarray(weights, dtype=np.float64)
    if size.shape != (len(table),):
        raise StatsError("Each vector needs its weight.", column="weights")
    if k is not None and k < 1:
        raise StatsError("The number of clusters is at least 1.", column="k")
    rng = np.random.default_rng(seed)
    labels = np.full(len(table), -1, dtype=np.int64)
    space = np.zeros((len(table), 1))
    known = np.flatnonzero(np.linalg.norm(table, axis=1) > 0)
    if len(known) < FEWEST:
        return Clusters(labels, space, (), None)
    inner = _directions(table[known], rng)
    space = np.zeros((len(table), inner.shape[1]))
    space[known] = inner
    rows = np.sort(rng.choice(len(inner), TREE, replace=False)) if len(inner) > TREE else np.arange(len(inner))
    core = inner[rows]
    tree = linkage(core, method="ward")
    tried: tuple[Tried, ...] = ()
    if k is None:
        tried = _try(core, tree, range(2, min(most, len(core) // 4) + 1), rng)
        chosen = max(tried, key=lambda one: (max(one.silhouette, 0.0) * max(one.stability, 0.0), -one.k))
    else:
        chosen = _try(core, tree, [min(k, len(core) - 1)], rng)[0] if k > 1 else Tried(1, 0.0, 1.0)
        tried = (chosen,)
    centres = _centres(core, _cut(tree, chosen.k))
    if chosen.k > 1:
        fitted = KMeans(n_clusters=chosen.k, init=centres, n_init=1, max_iter=100, algorithm="lloyd").fit(inner)
        centres = fitted.cluster_centers_
    labels[known] = _settled(_assign(inner, centres, strict=True), size[known], least)
    return Clusters(labels, space, tried, chosen)


def _directions(table: FloatArray, rng: np.random.Generator) -> FloatArray:
    rows = np.sort(rng.choice(len(table), BASIS, replace=False)) if len(table) > BASIS else np.arange(len(table))
    basis = table[rows].astype(np.float64)
    mean = basis.mean(axis=0)
    spread = basis - mean
    # Of the covariance, because rows are many and columns few; signs are free: the largest loading is positive.
    values, axes = np.linalg.eigh(spread.T @ spread)
    kept = np.argsort(-values, kind="stable")[: min(COMPONENTS, len(basis) - 1)]
    kept = kept[values[kept] > 1e-9 * max(float(values.max()), 1e-9)]
    axes = axes[:, kept]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    flat = np.zeros((len(table), max(int(kept.size), 1)))
    for start in range(0, len(table) if kept.size else 0, BASIS):
        flat[start : start + BASIS] = (table[start : start + BASIS] - mean) @ axes
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.maximum(length, 1e-12))


def _cut(tree: FloatArray, k: int) -> IntArray:
    return np.asarray(fcluster(tree, k, criterion="maxclust"), dtype=np.int64) - 1


def _try(core: FloatArray, tree: FloatArray, numbers: Sequence[int], rng: np.random.Generator) -> tuple[Tried, ...]:
    parts = [np.sort(rng.choice(len(core), max(4 * len(core) // 5, 4), replace=False)) for _ in range(PARTS)]
    trees = [linkage(core[part], method="ward") for part in parts]
    found = []
    for k in numbers:
        labels = _cut(tree, k)
        if len(np.unique(labels)) < 2:
            continue
        whole = _assign(core, _centres(core, labels))
        agree = [
            adjusted_rand_score(whole, _assign(core, _centres(core[part], _cut(one, k))))
            for part, one in zip(parts, trees, strict=True)
        ]
        found.append(Tried(k, float(silhouette_score(core, labels)), float(np.mean(agree))))
    return tuple(found) or (Tried(1, 0.0, 1.0),)


def _centres(rows: FloatArray, labels: IntArray) -> FloatArray:
    return np.stack([rows[labels == label].mean(axis=0) for label in np.unique(labels)])


def _assign(rows: FloatArray, centres: FloatArray, *, strict: bool = False) -> IntArray:
    """The nearest centre of each row by direction; where ``strict`` −1 for rows between two or far from theirs."""
    near = rows @ (centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)).T
    labels = np.asarray(near.argmax(axis=1), dtype=np.int64)
    if strict and near.shape[1] > 1:
        two = np.partition(near, -2, axis=1)[:, -2:]
        best, doubtful = two[:, 1], two[:, 1] - two[:, 0] < MARGIN
        for label in np.unique(labels):
            inside = labels == label
            doubtful |= inside & (best < FAR * np.median(best[inside]))
        labels[doubtful] = -1
    return labels


def _settled(labels: IntArray, size: FloatArray, least: int) -> IntArray:
    """Clusters renumbered from the heaviest; those lighter than ``least`` dissolved."""
    heavy = {int(label): float(size[labels == label].sum()) for label in np.unique(labels[labels >= 0])}
    order = sorted((label for label in heavy if heavy[label] >= least), key=lambda label: (-heavy[label], label))
    made = np.full_like(labels, -1)
    for place, label in enumerate(order):
        made[labels == label] = place
    return made
