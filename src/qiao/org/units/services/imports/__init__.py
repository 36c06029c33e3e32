"""Importing units (mechanism S11): staged, matched, previewed, confirmed by a second person, undone as one."""

from __future__ import annotations

from qiao.org.units.services.imports.confirm import confirm_units, undo_units
from qiao.org.units.services.imports.match import match_units
from qiao.org.units.services.imports.upload import discard_units, upload_units

__all__ = ["confirm_units", "discard_units", "match_units", "undo_units", "upload_units"]
