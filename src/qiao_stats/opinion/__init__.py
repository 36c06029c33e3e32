"""Opinion groups from agree / disagree / pass votes: who votes alike, what sets each group apart, what all share.

The path: :func:`collect_votes` → :func:`project` → :func:`choose_participants` → :func:`find_groups` →
:func:`group_statistics` → :func:`representative_statements`, :func:`consensus_statements`,
:func:`group_informed_consensus`; :func:`opinion_map` walks it in one call,
:func:`draw_picture` keeps what may be published of it; :func:`next_statement_priority` says what to ask whom next.

Source of the method: Small, Bjorkegren, Erkkilä, Shaw, Megill: Polis: Scaling deliberation by mapping high
dimensional opinion spaces, Recerca 26(2), 2021.
"""

from __future__ import annotations

from qiao_stats.opinion.alike import AlikeGroup, group_alike
from qiao_stats.opinion.grouping import Grouping, choose_participants, find_groups, given_groups
from qiao_stats.opinion.mapping import OpinionMap, opinion_map
from qiao_stats.opinion.picture import Area, Cell, Picture, draw_picture
from qiao_stats.opinion.priority import (
    importance,
    next_statement_priority,
    statement_extremity,
    statement_priorities,
)
from qiao_stats.opinion.projection import Projection, project
from qiao_stats.opinion.selection import Pick, consensus_statements, representative_statements
from qiao_stats.opinion.statistics import (
    GroupStatistics,
    GroupVotes,
    count_votes,
    group_informed_consensus,
    group_statistics,
    one_proportion_test,
    two_proportion_test,
)
from qiao_stats.opinion.votes import VoteTable, collect_votes, repeated_votes

__all__ = [
    "AlikeGroup",
    "Area",
    "Cell",
    "GroupStatistics",
    "GroupVotes",
    "Grouping",
    "OpinionMap",
    "Pick",
    "Picture",
    "Projection",
    "VoteTable",
    "choose_participants",
    "collect_votes",
    "consensus_statements",
    "count_votes",
    "draw_picture",
    "find_groups",
    "given_groups",
    "group_alike",
    "group_informed_consensus",
    "group_statistics",
    "importance",
    "next_statement_priority",
    "one_proportion_test",
    "opinion_map",
    "project",
    "repeated_votes",
    "representative_statements",
    "statement_extremity",
    "statement_priorities",
    "two_proportion_test",
]
