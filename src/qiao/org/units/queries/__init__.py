"""Reading the tree, as it is and as it was, and the papers of its units."""

from __future__ import annotations

from qiao.org.units.queries.below import PAGE, Below, Group, groups_below, page_below, sector_tops
from qiao.org.units.queries.desk import desk_doors, desk_items, own_items, receipt_state, unit_doors
from qiao.org.units.queries.find import Found, find_units
from qiao.org.units.queries.history import Move, line_above_on, moves_of, name_on, stands_below_from, tree_on
from qiao.org.units.queries.imports import batch_by_code, batches_of, faults_of, preview_of
from qiao.org.units.queries.papers import (
    Next,
    closing_by_code,
    closing_of,
    founding_of,
    foundings_of,
    foundings_waiting,
    headcounts_of,
    may_see,
    names_of,
    next_act,
    sector_links_of,
    state_steps,
    steps_of,
)
from qiao.org.units.queries.tree import (
    deepest_below,
    line_above,
    root_unit,
    subtree,
    unit_by_label,
    units_at,
    upper_units,
)
from qiao.org.units.queries.whole import whole_tree

__all__ = [
    "PAGE",
    "Below",
    "Found",
    "Group",
    "Move",
    "Next",
    "batch_by_code",
    "batches_of",
    "closing_by_code",
    "closing_of",
    "deepest_below",
    "desk_doors",
    "desk_items",
    "faults_of",
    "find_units",
    "founding_of",
    "foundings_of",
    "foundings_waiting",
    "groups_below",
    "headcounts_of",
    "line_above",
    "line_above_on",
    "may_see",
    "moves_of",
    "name_on",
    "names_of",
    "next_act",
    "own_items",
    "page_below",
    "preview_of",
    "receipt_state",
    "root_unit",
    "sector_links_of",
    "sector_tops",
    "stands_below_from",
    "state_steps",
    "steps_of",
    "subtree",
    "tree_on",
    "unit_by_label",
    "unit_doors",
    "units_at",
    "upper_units",
    "whole_tree",
]
