"""The whole way from votes to groups, what each stands for, and what all share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.opinion.grouping import Grouping, choose_participants, find_groups
from qiao_stats.opinion.projection import Projection, project
from qiao_stats.opinion.selection import Pick, consensus_statements, representative_statements
from qiao_stats.opinion.statistics import (
    FloatArray,
    GroupStatistics,
    GroupVotes,
    count_votes,
    group_informed_consensus,
    group_statistics,
)
from qiao_stats.opinion.votes import VoteTable


@dataclass(frozen=True, slots=True, eq=False)
class OpinionMap:
    """Result of :func:`opinion_map`.

    ``statistics`` are of groups × statements, moderated statements included; ``overall`` of all participants (grouped
    or not) as one group. ``representative`` has one tuple of picks per group; ``agreed`` and ``disagreed`` are the
    consensus of all participants; ``consensus_agree`` and ``consensus_disagree`` (statements,) the group-informed one.
    """

    projection: Projection
    grouping: Grouping
    statistics: GroupStatistics
    overall: GroupVotes
    representative: tuple[tuple[Pick, ...], ...]
    agreed: tuple[Pick, ...]
    disagreed: tuple[Pick, ...]
    consensus_agree: FloatArray
    consensus_disagree: FloatArray


def opinion_map(
    table: VoteTable,
    kept: npt.ArrayLike | None = None,
    *,
    groups: Grouping | None = None,
    k: int | None = None,
    seed: int = 0,
) -> OpinionMap:
    """Find (or take) groups of participants and compute everything that is said about them.

    Args:
        table: the votes.
        kept: whether each statement takes part (statements,), by default all. Moderated statements shape no map and
            are never chosen; their counts are still given.
        groups: given groups; then none are sought.
        k: number of groups, if it is not to be found.
        seed: of k-means and of the samples for large numbers.

    Raises:
        StatsError: see :func:`project`, :func:`find_groups`, :func:`count_votes`.
    """
    projection = project(table, kept)
    if groups is None:
        groups = find_groups(projection.coordinates, choose_participants(table), k=k, seed=seed)
    statistics = group_statistics(count_votes(table, groups.group, groups.k))
    everybody = group_statistics(count_votes(table, np.zeros(table.participants, dtype=np.int64), 1))
    agreed, disagreed = consensus_statements(everybody, kept)
    consensus = group_informed_consensus(statistics)
    return OpinionMap(
        projection, groups, statistics, everybody.votes, representative_statements(statistics, kept), agreed,
        disagreed, *consensus,
    )  # fmt: skip
