"""The tree of units, its dated links and names, the papers of their founding and closing, their import."""

from __future__ import annotations

from qiao.org.units.models.approval import Closing, Founding, Headcount, UnitStep
from qiao.org.units.models.imports import UnitBatch, UnitColumn, UnitRow
from qiao.org.units.models.unit import Unit, UnitLink, UnitName

__all__ = [
    "Closing",
    "Founding",
    "Headcount",
    "Unit",
    "UnitBatch",
    "UnitColumn",
    "UnitLink",
    "UnitName",
    "UnitRow",
    "UnitStep",
]
