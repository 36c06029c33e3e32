"""From texts and their vectors to topics."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError
from qiao_stats.topics.clusters import Tried, cluster
from qiao_stats.topics.folding import Folded, fold
from qiao_stats.topics.naming import central_order, keywords
from qiao_stats.topics.words import words_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: from how many different sources, how many texts, its words, and its texts from the middle outwards."""

    sources: int
    texts: int
    words: tuple[str, ...]
    central: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """``labels`` (n,): the topic of each text, the one with most sources first; −1 for texts of none.

    ``empty``: texts without a word. ``chosen``: number of clusters with silhouette and stability; None where there were
    too few different texts to cluster.
    """

    labels: IntArray
    topics: tuple[Topic, ...]
    empty: int
    chosen: Tried | None
    tried: tuple[Tried, ...]


def find_topics(
    texts: Sequence[str],
    vectors: npt.ArrayLike,
    *,
    seed: int,
    sources: Sequence[Hashable | None] | None = None,
    folded: Folded | None = None,
    k: int | None = None,
    most: int = 15,
    least: int = 5,
    shown: int = 20,
) -> Topics:
    """Topics of n texts.

    Args:
        texts: n texts in any mixture of languages the vectors know.
        vectors: (d, p): one for each *different* text, in the order of ``fold(texts, sources).first``.
        seed: see `cluster`.
        sources: who each text came from, see `fold`.
        folded: ``fold(texts, sources)`` where the caller has it already.
        k, most, least: see `cluster`; ``least`` counts sources.
        shown: how many central texts of each topic are named.

    Raises:
        StatsError: vectors of another number than there are different texts.
    """
    folded = folded or fold(texts, sources)
    table = np.asarray(vectors)
    if table.shape[:1] != (folded.count,):
        raise StatsError("There must be one vector for each different text.", column="vectors")
    labels = np.full(len(texts), -1, dtype=np.int64)
    empty = int((folded.code < 0).sum())
    if not folded.count:
        return Topics(labels, (), empty, None, ())
    found = cluster(table, seed=seed, weights=folded.sources, k=k, most=most, least=least)
    known = folded.code >= 0
    labels[known] = found.labels[folded.code[known]]
    count = int(found.labels.max()) + 1
    words = [words_of(texts[int(place)]) for place in folded.first]
    named = keywords(words, found.labels, count=count)
    people = _people(labels, folded, sources, count)
    topics = [
        Topic(
            people[label],
            int((labels == label).sum()),
            tuple(named[label]),
            tuple(int(folded.first[row]) for row in central_order(found.space, found.labels, label)[:shown]),
        )
        for label in range(count)
    ]
    # Somebody who wrote two texts of one topic is one source: the order is settled only now.
    order = sorted(range(count), key=lambda label: (-topics[label].sources, label))
    moved = np.full(count + 1, -1, dtype=np.int64)
    moved[order] = np.arange(count)
    return Topics(moved[labels], tuple(topics[label] for label in order), empty, found.chosen, found.tried)


def _people(labels: IntArray, folded: Folded, sources: Sequence[Hashable | None] | None, count: int) -> list[int]:
    """Different sources of each topic; an unknown source counts once for each different text."""
    seen: list[set[Hashable]] = [set() for _ in range(count)]
    for number, label in enumerate(labels):
        if label < 0:
            continue
        source = None if sources is None else sources[number]
        seen[int(label)].add(("text", int(folded.code[number])) if source is None else ("source", source))
    return [len(one) for one in seen]
