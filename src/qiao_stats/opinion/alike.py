"""Opinions that say the same, found by their sentence vectors: suggestions for whoever sorts them.

A star cover (Aslam, Pelekhov and Rus, "The star clustering algorithm for static and dynamic information organization",
Journal of Graph Algorithms and Applications 8, 2004, the restricted form in which each text is in one star): texts are
joined where the cosine of their vectors reaches a threshold; the text with most neighbours is the middle of the first
group and takes all of them that are free, then the next of those still free, and so on. So every text of a group is at
least so much like the one in its middle, which is shown as its words; no number of groups has to be chosen; the same
vectors give the same groups. Work grows with the square of the number of texts, memory only with the number itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError

Vectors = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

#: Rows multiplied at once: the product of a block with all others is all the memory that is needed.
_BLOCK = 512
#: Texts looked at for the next middles, and middles compared with all that are free at once.
_WINDOW, _AT_ONCE = 1024, 64
#: Cosine at which two texts are taken for the same point. Chosen on pairs of opinions in Chinese and English
#: (docs/algorithms/answering-opinions.md); lower puts more together, and more that differs.
ALIKE = 0.55


@dataclass(frozen=True, slots=True)
class AlikeGroup:
    """One suggestion: the text in the middle, and all its texts from the middle outwards, itself first."""

    middle: int
    members: tuple[int, ...]
    #: Cosine of the last of them to the middle.
    loosest: float


def group_alike(
    vectors: npt.ArrayLike, *, threshold: float = ALIKE, least: int = 2, partition: npt.ArrayLike | None = None
) -> list[AlikeGroup]:
    """Groups of texts that say the same, the largest first; texts that are like no other are in none.

    Args:
        vectors: (n, p) finite numbers of any length; a zero vector is like nothing.
        threshold: cosine from which two texts are alike, above 0 and at most 1.
        least: groups of fewer texts are not told.
        partition: codes (n,): only texts of one code are put together (opinions on one clause).

    Raises:
        StatsError: vectors that are no table of finite numbers, codes of another length, a threshold out of range.
    """
    table = np.asarray(vectors, dtype=np.float32)
    if table.ndim != 2 or not bool(np.isfinite(table).all()):
        raise StatsError("Vectors must be a table of finite numbers.", column="vectors")
    if not 0 < threshold <= 1:
        raise StatsError("The threshold lies above 0 and at most at 1.", column="threshold")
    codes = np.zeros(len(table), dtype=np.int64) if partition is None else np.asarray(partition)
    if codes.shape != (len(table),):
        raise StatsError("Each vector needs its code.", column="partition")
    length = np.linalg.norm(table, axis=1)
    unit = table / np.maximum(length, np.float32(1e-12))[:, None]
    found: list[AlikeGroup] = []
    for code in np.unique(codes):
        rows = np.flatnonzero((codes == code) & (length > 0))
        found += _stars(unit[rows], rows, threshold, max(least, 1))
    return sorted(found, key=lambda group: (-len(group.members), group.middle))


def _stars(unit: Vectors, rows: IntArray, threshold: float, least: int) -> Iterator[AlikeGroup]:
    """The stars among the texts of one part; ``rows`` are their places among all."""
    # Half a rounding of single precision below, so that equal texts meet at a threshold of 1.
    limit = np.float32(threshold - 1e-5)
    degree = _degrees(unit, limit)
    free = np.arange(len(unit))
    taken = np.zeros(len(unit), dtype=np.bool_)
    waiting = np.lexsort((np.arange(len(unit)), -degree))
    waiting = waiting[degree[waiting] >= least]
    while waiting.size:
        middles = waiting[_unlike(unit[waiting[:_WINDOW]], limit)]
        free = free[~taken[free]]
        cosine = unit[middles] @ unit[free].T
        tried = np.zeros(len(unit), dtype=np.bool_)
        for place, middle in enumerate(middles):
            tried[middle] = True
            at = np.flatnonzero((cosine[place] >= limit) & ~taken[free])
            if taken[middle] or len(at) < least:
                # Its neighbours went to others before it: it may still go to a later middle.
                continue
            own = cosine[place][at]
            # Itself first, whatever rounding says of copies of it.
            order = np.lexsort((free[at], -own, free[at] != middle))
            members = free[at][order]
            taken[members] = True
            yield AlikeGroup(
                int(rows[middle]), tuple(int(rows[one]) for one in members), round(float(min(own.min(), 1.0)), 4)
            )
        waiting = waiting[~(taken | tried)[waiting]]


def _degrees(unit: Vectors, limit: np.float32) -> IntArray:
    """How many texts each is alike, itself included (n,). A pair is computed once."""
    degree = np.zeros(len(unit), dtype=np.int64)
    for first in range(0, len(unit), _BLOCK):
        block = unit[first : first + _BLOCK]
        last = first + len(block)
        # The block against itself and all that stand behind it.
        near = block @ unit[first:].T >= limit
        if np.count_nonzero(near) * 20 < near.size:
            row, column = np.nonzero(near)
            degree[first:last] += np.bincount(row, minlength=len(block))
            degree[last:] += np.bincount(column, minlength=near.shape[1])[len(block) :]
        else:
            degree[first:last] += near.sum(axis=1)
            degree[last:] += near[:, len(block) :].sum(axis=0)
    return degree


def _unlike(window: Vectors, limit: np.float32) -> IntArray:
    """The first few of the window none of which is like another before it: the middles of the next groups.

    One that is like an earlier one would be taken by it anyway.
    """
    near = window @ window.T >= limit
    blocked = np.zeros(len(window), dtype=np.bool_)
    chosen: list[int] = []
    for place in range(len(window)):
        if blocked[place]:
            continue
        chosen.append(place)
        if len(chosen) == _AT_ONCE:
            break
        blocked |= near[place]
    return np.array(chosen, dtype=np.int64)
