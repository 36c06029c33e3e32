"""Entering employers, their headcounts and their unions."""

from __future__ import annotations

from qiao.org.workplaces.services.counts import correct_headcount, enter_headcount
from qiao.org.workplaces.services.employers import change_employer, close_employer, register_employer
from qiao.org.workplaces.services.imports import (
    confirm_batch,
    discard_batch,
    hand_over,
    match_columns,
    undo_batch,
    upload_table,
)
from qiao.org.workplaces.services.unions import end_union_link, link_union

__all__ = [
    "change_employer",
    "close_employer",
    "confirm_batch",
    "correct_headcount",
    "discard_batch",
    "end_union_link",
    "enter_headcount",
    "hand_over",
    "link_union",
    "match_columns",
    "register_employer",
    "undo_batch",
    "upload_table",
]
