"""What the yearly table counts and how; which cells are hidden."""

from __future__ import annotations

from qiao.org.yearbook.rules.figures import BY_KEY, FIGURES, OWNERSHIP_KEYS, Figure
from qiao.org.yearbook.rules.hiding import SPLITS, Family, hidden_below, hidden_parts

__all__ = ["BY_KEY", "FIGURES", "OWNERSHIP_KEYS", "SPLITS", "Family", "Figure", "hidden_below", "hidden_parts"]
