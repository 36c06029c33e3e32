"""Importing members (mechanism S11): staged, matched, previewed, confirmed by a second person, undone as one."""

from __future__ import annotations

from qiao.org.membership.services.imports.confirm import confirm_batch
from qiao.org.membership.services.imports.match import decide_duplicates, match_columns
from qiao.org.membership.services.imports.staging import discard_batch, hand_over
from qiao.org.membership.services.imports.undo import undo_batch
from qiao.org.membership.services.imports.upload import upload_table

__all__ = [
    "confirm_batch",
    "decide_duplicates",
    "discard_batch",
    "hand_over",
    "match_columns",
    "undo_batch",
    "upload_table",
]
