"""Proposing, approving, founding, renaming, moving, linking, merging and closing units."""

from __future__ import annotations

from qiao.org.units.services.activate import activate_unit, mark_term
from qiao.org.units.services.approve import (
    appeal_refusal,
    approve_unit,
    begin_preparing,
    refuse_unit,
    tell_proposer,
)
from qiao.org.units.services.change import close_unit, rename_unit
from qiao.org.units.services.closing import CongressRecord, ask_closing, carry_out_closing, decide_closing
from qiao.org.units.services.found import found_unit
from qiao.org.units.services.headcount import record_headcount
from qiao.org.units.services.move import move_unit
from qiao.org.units.services.paths import path_segment
from qiao.org.units.services.propose import propose_unit, report_prepared, withdraw_proposal
from qiao.org.units.services.sector import link_sector, unlink_sector

__all__ = [
    "CongressRecord",
    "activate_unit",
    "appeal_refusal",
    "approve_unit",
    "ask_closing",
    "begin_preparing",
    "carry_out_closing",
    "close_unit",
    "decide_closing",
    "found_unit",
    "link_sector",
    "mark_term",
    "move_unit",
    "path_segment",
    "propose_unit",
    "record_headcount",
    "refuse_unit",
    "rename_unit",
    "report_prepared",
    "tell_proposer",
    "unlink_sector",
    "withdraw_proposal",
]
