"""What names a cluster: the words that set it apart, and the texts in its middle.

Class-based TF-IDF (Grootendorst 2022, arXiv 2203.05794): all texts of a class are one document, and the weight of word
t in class c is tf(t, c) · log(1 + A / f(t)), with tf the share of t among the words of c, f(t) how often it stands in
all classes and A the mean number of words of a class. A word counts once a text, so that one long text cannot name a
topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def keywords(words: Sequence[Sequence[str]], labels: IntArray, *, count: int, most: int = 6) -> list[list[str]]:
    """The ``most`` words of each class 0…count−1 with the highest weight; equal ones in the order of the alphabet.

    Args:
        words: the words of each of n texts.
        labels: class (n,) of each, −1 for none.
        count: number of classes.
        most: words at most; a word that stands in one text only names nothing, unless nothing else does.

    Raises:
        StatsError: words and labels of different length.
    """
    if len(words) != len(labels):
        raise StatsError("Each text needs its label.", column="labels")
    classes: list[Counter[str]] = [Counter() for _ in range(count)]
    for one, label in zip(words, labels, strict=True):
        if label >= 0:
            classes[int(label)].update(set(one))
    everywhere: Counter[str] = Counter()
    for bag in classes:
        everywhere.update(bag)
    average = sum(everywhere.values()) / max(count, 1)
    found = []
    for bag in classes:
        size = sum(bag.values()) or 1
        weight = {word: number / size * float(np.log1p(average / everywhere[word])) for word, number in bag.items()}
        order = sorted(weight, key=lambda word: (bag[word] < 2, -weight[word], word))
        found.append(_apart(order)[:most])
    return found


def central_order(vectors: FloatArray, labels: IntArray, label: int) -> IntArray:
    """The rows (m,) of one class, those closest to its centre first; equal ones by their place.

    Args:
        vectors: (n, p), rows of any length: directions count.
        labels: class (n,) of each.
        label: which class.
    """
    rows = np.flatnonzero(labels == label)
    if not rows.size:
        return rows
    inside = vectors[rows]
    centre = inside.mean(axis=0)
    near = (
        inside @ centre / np.maximum(np.linalg.norm(inside, axis=1) * max(float(np.linalg.norm(centre)), 1e-12), 1e-12)
    )
    return np.asarray(rows[np.lexsort((rows, -np.round(near, 9)))])


def _apart(order: Sequence[str]) -> list[str]:
    """Without words that are part of one named before, or hold it: 夜班 and 夜班车 say the same."""
    kept: list[str] = []
    for word in order:
        if not any(word in other or other in word for other in kept):
            kept.append(word)
    return kept
