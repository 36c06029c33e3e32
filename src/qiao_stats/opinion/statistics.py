"""How each group voted on each statement, and how far that sets it apart from the other groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError
from qiao_stats.opinion.votes import IntArray, VoteTable

FloatArray: TypeAlias = npt.NDArray[np.float64]

_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class GroupVotes:
    """Counts of votes, each (groups, statements): agree (``na``), disagree (``nd``), all with passes (``ns``)."""

    agree: IntArray
    disagree: IntArray
    seen: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class GroupStatistics:
    """Statistics of groups × statements; every array is (groups, statements).

    Names in brackets are those of Polis. ``p_*`` estimates the share that agrees or disagrees (pa, pd), ``p_*_z`` tests
    it against one half (pat, pdt), ``r_*`` is the ratio of that share to the one in all other groups (ra, rd), and
    ``r_*_z`` tests the difference of the two (rat, rdt). All z are standard normal under their null hypothesis.
    """

    votes: GroupVotes
    p_agree: FloatArray
    p_disagree: FloatArray
    p_agree_z: FloatArray
    p_disagree_z: FloatArray
    r_agree: FloatArray
    r_disagree: FloatArray
    r_agree_z: FloatArray
    r_disagree_z: FloatArray

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.p_agree.shape[0])


def count_votes(table: VoteTable, group: npt.ArrayLike, groups: int) -> GroupVotes:
    """Count votes by group (participants,) → (groups, statements). Codes run from 0; −1 is in no group, not counted.

    Raises:
        StatsError: ``group`` does not fit the table or holds a code out of range.
    """
    codes = np.asarray(group, dtype=np.int64)
    if codes.shape != (table.participants,):
        raise StatsError(
            "%(got)s group codes for %(participants)s participants.", got=codes.size, participants=table.participants
        )
    if codes.size and (int(codes.min()) < -1 or int(codes.max()) >= groups):
        raise StatsError("A group code is not between -1 and %(last)s.", last=groups - 1)
    cells = groups * table.statements * 3
    counts = np.zeros(cells, dtype=np.int64)
    # Group −1 gets the places in front of the first group's, cut off below. Blocks bound the memory.
    lead = table.statements * 3
    edges = np.searchsorted(table.start, np.arange(0, len(table) + _BLOCK, _BLOCK)).clip(max=table.participants)
    for first, last in pairwise(edges.tolist()):
        part = slice(int(table.start[first]), int(table.start[last]))
        owner = np.repeat(codes[first:last] + 1, np.diff(table.start[first : last + 1]))
        place = (owner * table.statements + table.statement[part]) * 3 + (table.value[part] + np.int64(1))
        counts += np.bincount(place, minlength=lead + cells)[lead:]
    disagree, passed, agree = np.moveaxis(counts.reshape(groups, table.statements, 3), 2, 0)
    return GroupVotes(agree, disagree, disagree + passed + agree)


def share(count: npt.ArrayLike, total: npt.ArrayLike) -> FloatArray:
    """Share with one pseudo-vote on either side: (count + 1) / (total + 2) (Small et al. 2021)."""
    result: FloatArray = (1 + np.asarray(count)) / (2 + np.asarray(total))
    return result


def one_proportion_test(count: npt.ArrayLike, total: npt.ArrayLike) -> FloatArray:
    """z of a share against one half: 2 √(n+1) ((x+1)/(n+1) − ½), as Polis computes it."""
    x, n = np.asarray(count) + 1, np.asarray(total) + 1
    result: FloatArray = 2 * np.sqrt(n) * (x / n - 0.5)
    return result


def two_proportion_test(
    count: npt.ArrayLike, other_count: npt.ArrayLike, total: npt.ArrayLike, other_total: npt.ArrayLike
) -> FloatArray:
    """z of the difference of two shares with pooled variance, one vote added to every count, as Polis computes it.

    Where both shares are 1 (as among nobody) the variance vanishes and z is 0.
    """
    x, y = np.asarray(count) + 1, np.asarray(other_count) + 1
    n, m = np.asarray(total) + 1, np.asarray(other_total) + 1
    pooled = (x + y) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    flat = variance <= 0
    result: FloatArray = np.where(flat, 0.0, (x / n - y / m) / np.sqrt(np.where(flat, 1.0, variance)))
    return result


def group_statistics(votes: GroupVotes) -> GroupStatistics:
    """All statistics of groups × statements from the counts. “The others” of a group are all other groups together."""
    others = GroupVotes(*(total.sum(axis=0) - total for total in (votes.agree, votes.disagree, votes.seen)))
    p_agree, p_disagree = share(votes.agree, votes.seen), share(votes.disagree, votes.seen)
    return GroupStatistics(
        votes=votes,
        p_agree=p_agree,
        p_disagree=p_disagree,
        p_agree_z=one_proportion_test(votes.agree, votes.seen),
        p_disagree_z=one_proportion_test(votes.disagree, votes.seen),
        r_agree=p_agree / share(others.agree, others.seen),
        r_disagree=p_disagree / share(others.disagree, others.seen),
        r_agree_z=two_proportion_test(votes.agree, others.agree, votes.seen, others.seen),
        r_disagree_z=two_proportion_test(votes.disagree, others.disagree, votes.seen, others.seen),
    )


def group_informed_consensus(statistics: GroupStatistics) -> tuple[FloatArray, FloatArray]:
    """For each statement the product over groups of the shares that agree, and of those that disagree (statements,).

    A statement is high only if *every* group is for it, however small the group: no majority can carry it alone.
    """
    return statistics.p_agree.prod(axis=0), statistics.p_disagree.prod(axis=0)
