"""Judging: the three degrees (awareness, participation, satisfaction) with how sure each is, and hiding small cells."""

from __future__ import annotations

from qiao_stats.judgment.cells import hide_small_cells
from qiao_stats.judgment.degrees import WEIGHTS, Degrees, three_degrees
from qiao_stats.judgment.shares import Share, share_of_answers

__all__ = ["WEIGHTS", "Degrees", "Share", "hide_small_cells", "share_of_answers", "three_degrees"]
