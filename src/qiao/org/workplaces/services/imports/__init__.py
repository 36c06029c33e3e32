"""Importing employers (mechanism S11): staged, matched, previewed, confirmed by a second person, undone as one."""

from __future__ import annotations

from qiao.org.workplaces.services.imports.confirm import confirm_batch, undo_batch
from qiao.org.workplaces.services.imports.match import match_columns
from qiao.org.workplaces.services.imports.upload import discard_batch, hand_over, upload_table

__all__ = [
    "confirm_batch",
    "discard_batch",
    "hand_over",
    "match_columns",
    "undo_batch",
    "upload_table",
]
