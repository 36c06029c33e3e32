"""Founding, renaming, moving and closing units."""

from __future__ import annotations

from qiao.org.units.services.change import close_unit, rename_unit
from qiao.org.units.services.found import found_unit
from qiao.org.units.services.move import move_unit
from qiao.org.units.services.paths import path_segment

__all__ = ["close_unit", "found_unit", "move_unit", "path_segment", "rename_unit"]
