"""Tests under a design: whether two questions hang together, whether two groups differ."""

from __future__ import annotations

from qiao_stats.inference.association import ASSOCIATION_TESTS, Association, AssociationTest, association_test
from qiao_stats.inference.comparison import RANK_SCORES, RankScore, Test, rank_test, t_test
from qiao_stats.inference.mixtures import mixture_tail

__all__ = [
    "ASSOCIATION_TESTS",
    "RANK_SCORES",
    "Association",
    "AssociationTest",
    "RankScore",
    "Test",
    "association_test",
    "mixture_tail",
    "rank_test",
    "t_test",
]
