"""Admitting members, changing their standing, importing and exporting the register."""

from __future__ import annotations

from qiao.org.membership.services.admit import admit_member, admit_worker
from qiao.org.membership.services.exporting import Taken, ask_export, decide_export, take_export
from qiao.org.membership.services.imports import (
    confirm_batch,
    decide_duplicates,
    discard_batch,
    expire_staging,
    hand_over,
    match_columns,
    undo_batch,
    upload_table,
)
from qiao.org.membership.services.look import MemberFile, look_at_member, look_at_register
from qiao.org.membership.services.standing import (
    accept_transfer,
    end_membership,
    fall_back_due,
    retain_members,
    start_transfer,
    withdraw_transfer,
)
from qiao.org.membership.services.tell import tell_admitted

__all__ = [
    "MemberFile",
    "Taken",
    "accept_transfer",
    "admit_member",
    "admit_worker",
    "ask_export",
    "confirm_batch",
    "decide_duplicates",
    "decide_export",
    "discard_batch",
    "end_membership",
    "expire_staging",
    "fall_back_due",
    "hand_over",
    "look_at_member",
    "look_at_register",
    "match_columns",
    "retain_members",
    "start_transfer",
    "take_export",
    "tell_admitted",
    "undo_batch",
    "upload_table",
    "withdraw_transfer",
]
