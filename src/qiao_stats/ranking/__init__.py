"""Counting ranked ballots: instant run-off and Schulze's method, and PrefLib's file formats."""

from __future__ import annotations

from qiao_stats.ranking.model import Order, RankedElection, check_ranked
from qiao_stats.ranking.preflib import PrefLibError, data_type, read_preflib, to_preflib
from qiao_stats.ranking.rules import (
    RankedResult,
    RankedRule,
    Round,
    count_ranked,
    instant_runoff,
    pairwise,
    schulze,
    strongest_paths,
)

__all__ = [
    "Order",
    "PrefLibError",
    "RankedElection",
    "RankedResult",
    "RankedRule",
    "Round",
    "check_ranked",
    "count_ranked",
    "data_type",
    "instant_runoff",
    "pairwise",
    "read_preflib",
    "schulze",
    "strongest_paths",
    "to_preflib",
]
