"""Which statement a participant is shown next: the one from which most is learnt.

Source: the Polis server (`math/src/polismath/math/conversation.clj`, ``importance-metric`` and ``priority-metric``;
described in Small, Bjorkegren, Erkkilä, Shaw, Megill: Polis: Scaling deliberation by mapping high dimensional opinion
spaces, Recerca 26(2), 2021). With A agreeing, P passes, S all votes on a statement and E its extremity,

    importance = (1 − (P + 1) / (S + 2)) · (E + 1) · (A + 1) / (S + 2)
    priority   = (importance · (1 + 8 · 2^(−S / 5)))²

The first factor favours statements people can take a side on, E those that tell camps apart, the third those that find
agreement, the last lets new ones come up. E is the length of the arrow a participant would get on the opinion map who
agreed with this one statement and cast no other vote.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError
from qiao_stats.opinion.projection import Projection, project
from qiao_stats.opinion.statistics import FloatArray
from qiao_stats.opinion.votes import AGREE, PASS, IntArray, VoteTable

#: How much a statement nobody has seen stands before one that was seen often, and after how many votes this halves.
_NEW, _HALVES = 8.0, 5.0


def statement_extremity(projection: Projection) -> FloatArray:
    """E of each statement (statements,): √m · |1 − mean vote| · length of its loadings on the two axes."""
    loading = np.hypot(projection.components[0], projection.components[1])
    result: FloatArray = np.sqrt(len(loading)) * np.abs(AGREE - projection.centre) * loading
    return result


def statement_priorities(table: VoteTable | None, kept: npt.ArrayLike) -> FloatArray:
    """The priority of each statement (statements,); 0 for those that are not ``kept``.

    ``table`` is None while nobody has voted: then all statements are equal. Raises StatsError where ``kept`` does not
    fit the table.
    """
    use = np.asarray(kept, dtype=np.bool_)
    if table is None:
        return importance(np.zeros(len(use)), np.zeros(len(use)), np.zeros(len(use)), np.zeros(len(use))) * use
    extremity = statement_extremity(project(table, use))
    seen = table.votes_per_statement()
    agree = np.bincount(table.statement[table.value == AGREE], minlength=table.statements)
    passed = np.bincount(table.statement[table.value == PASS], minlength=table.statements)
    return importance(agree, passed, seen, extremity) * use


def importance(
    agree: npt.ArrayLike, passed: npt.ArrayLike, seen: npt.ArrayLike, extremity: npt.ArrayLike
) -> FloatArray:
    """The formula above for arrays of one shape."""
    a, p, s, e = (np.asarray(one, dtype=np.float64) for one in (agree, passed, seen, extremity))
    bare = (1 - (p + 1) / (s + 2)) * (e + 1) * (a + 1) / (s + 2)
    result: FloatArray = (bare * (1 + _NEW * 2.0 ** (-s / _HALVES))) ** 2
    return result


def next_statement_priority(priorities: npt.ArrayLike, voted: npt.ArrayLike, *, seed: int) -> int | None:
    """The statement to show next: drawn by priority among those not ``voted`` on; None where none is left.

    Drawn, not simply the highest, as Polis does: otherwise all would be shown the same few and the rest never judged.
    The same ``seed`` draws the same statement. Raises StatsError for arrays that differ or negative priorities.
    """
    weights = np.asarray(priorities, dtype=np.float64)
    done = np.asarray(voted, dtype=np.bool_)
    if weights.shape != done.shape or weights.ndim != 1:
        raise StatsError("Priorities and votes must be two rows of the same length.")
    if bool((weights < 0).any()) or not bool(np.isfinite(weights).all()):
        raise StatsError("Priorities are finite and not negative.", column="priorities")
    open_ones: IntArray = np.flatnonzero(~done & (weights > 0))
    if not open_ones.size:
        return None
    edges = np.cumsum(weights[open_ones])
    drawn = np.random.default_rng(seed).random() * edges[-1]
    return int(open_ones[min(int(np.searchsorted(edges, drawn, side="right")), len(open_ones) - 1)])
