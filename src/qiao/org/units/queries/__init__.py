"""Reading the tree, as it is and as it was."""

from __future__ import annotations

from qiao.org.units.queries.history import (
    Move,
    children_on,
    line_above_on,
    moves_of,
    stands_below_from,
    tree_on,
)
from qiao.org.units.queries.tree import (
    ChildGroup,
    children_by_kind,
    children_with_sizes,
    deepest_below,
    grouped,
    line_above,
    root_unit,
    subtree,
    unit_by_label,
    units_at,
    upper_units,
)

__all__ = [
    "ChildGroup",
    "Move",
    "children_by_kind",
    "children_on",
    "children_with_sizes",
    "deepest_below",
    "grouped",
    "line_above",
    "line_above_on",
    "moves_of",
    "root_unit",
    "stands_below_from",
    "subtree",
    "tree_on",
    "unit_by_label",
    "units_at",
    "upper_units",
]
