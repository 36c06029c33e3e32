"""Judging: the three degrees (awareness, participation, satisfaction) with how sure each is."""

from __future__ import annotations

from qiao_stats.judgment.degrees import WEIGHTS, Degrees, three_degrees
from qiao_stats.judgment.shares import Share, share_of_answers

__all__ = ["WEIGHTS", "Degrees", "Share", "share_of_answers", "three_degrees"]
