"""How many to ask, how to share them among strata, and whom to draw: repeatable by anybody from the published seed."""

from __future__ import annotations

from qiao_stats.sampling.allocation import Allocation, allocate
from qiao_stats.sampling.drawing import Draw, draw_clusters, draw_elements, draw_two_stage
from qiao_stats.sampling.ordering import ranks
from qiao_stats.sampling.sizes import margin_of, size_for_margin

__all__ = [
    "Allocation",
    "Draw",
    "allocate",
    "draw_clusters",
    "draw_elements",
    "draw_two_stage",
    "margin_of",
    "ranks",
    "size_for_margin",
]
