"""Leaving, going over, being retained, rulings of bodies, own confirmation, groups."""

from __future__ import annotations

from qiao.org.membership.services.standing.appealing import appeal_ruling
from qiao.org.membership.services.standing.confirm import ask_members, confirm_own, note_told
from qiao.org.membership.services.standing.groups import assign_group, close_group, found_group, set_leader
from qiao.org.membership.services.standing.leave import end_membership, leave_union
from qiao.org.membership.services.standing.retain import keep_standing, retain_members
from qiao.org.membership.services.standing.rulings import (
    Votes,
    confirm_ruling,
    overturn_ruling,
    propose_ruling,
    withdraw_ruling,
)
from qiao.org.membership.services.standing.transfer import (
    accept_transfer,
    fall_back_due,
    start_transfer,
    withdraw_transfer,
)

__all__ = [
    "Votes",
    "accept_transfer",
    "appeal_ruling",
    "ask_members",
    "assign_group",
    "close_group",
    "confirm_own",
    "confirm_ruling",
    "end_membership",
    "fall_back_due",
    "found_group",
    "keep_standing",
    "leave_union",
    "note_told",
    "overturn_ruling",
    "propose_ruling",
    "retain_members",
    "set_leader",
    "start_transfer",
    "withdraw_ruling",
    "withdraw_transfer",
]
