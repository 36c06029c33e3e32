"""Admitting members, changing their standing, importing and exporting the register."""

from __future__ import annotations

from qiao.org.membership.services.admit import admit_member, admit_worker
from qiao.org.membership.services.exporting import Taken, ask_export, decide_export, take_export
from qiao.org.membership.services.holds import admit_held, erase_held, place_held, search_twins
from qiao.org.membership.services.imports import (
    confirm_batch,
    decide_duplicates,
    discard_batch,
    hand_over,
    match_columns,
    undo_batch,
    upload_table,
)
from qiao.org.membership.services.look import MemberFile, look_at_group, look_at_member, look_at_register
from qiao.org.membership.services.standing import (
    Votes,
    accept_transfer,
    appeal_ruling,
    ask_members,
    assign_group,
    close_group,
    confirm_own,
    confirm_ruling,
    end_membership,
    fall_back_due,
    found_group,
    keep_standing,
    leave_union,
    note_told,
    overturn_ruling,
    propose_ruling,
    retain_members,
    set_leader,
    start_transfer,
    withdraw_ruling,
    withdraw_transfer,
)
from qiao.org.membership.services.tally import fold_tally
from qiao.org.membership.services.tell import tell_left, tell_ruling, tell_standing
from qiao.org.membership.services.twins import decide_twin, undo_merge

__all__ = [
    "MemberFile",
    "Taken",
    "Votes",
    "accept_transfer",
    "admit_held",
    "admit_member",
    "admit_worker",
    "appeal_ruling",
    "ask_export",
    "ask_members",
    "assign_group",
    "close_group",
    "confirm_batch",
    "confirm_own",
    "confirm_ruling",
    "decide_duplicates",
    "decide_export",
    "decide_twin",
    "discard_batch",
    "end_membership",
    "erase_held",
    "fall_back_due",
    "fold_tally",
    "found_group",
    "hand_over",
    "keep_standing",
    "leave_union",
    "look_at_group",
    "look_at_member",
    "look_at_register",
    "match_columns",
    "note_told",
    "overturn_ruling",
    "place_held",
    "propose_ruling",
    "retain_members",
    "search_twins",
    "set_leader",
    "start_transfer",
    "take_export",
    "tell_left",
    "tell_ruling",
    "tell_standing",
    "undo_batch",
    "undo_merge",
    "upload_table",
    "withdraw_ruling",
    "withdraw_transfer",
]
