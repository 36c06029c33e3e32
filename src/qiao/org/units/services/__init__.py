"""Proposing, approving, founding, renaming, moving, linking, merging and closing units."""

from __future__ import annotations

from qiao.org.units.services.activate import activate_unit, mark_term
from qiao.org.units.services.change import close_unit, rename_unit
from qiao.org.units.services.found import found_unit
from qiao.org.units.services.move import move_unit
from qiao.org.units.services.paths import path_segment
from qiao.org.units.services.sector import link_sector, unlink_sector

__all__ = [
    "activate_unit",
    "close_unit",
    "found_unit",
    "link_sector",
    "mark_term",
    "move_unit",
    "path_segment",
    "rename_unit",
    "unlink_sector",
]
