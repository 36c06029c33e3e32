"""Reading the workers' congress."""

from __future__ import annotations

from qiao.decide.congress.queries.measures import Measures, measures
from qiao.decide.congress.queries.reading import (
    affair_by_code,
    affairs_of,
    calls_of,
    hall_of,
    has_seconded,
    has_signed,
    has_voted,
    is_maker,
    is_there,
    item_by_code,
    items_of,
    ledger_entries,
    makers_shown,
    may_read,
    may_see_text,
    needed_for,
    next_sessions,
    overdue,
    proposal_by_code,
    proposals_for,
    questions_of,
    resolutions,
    result_of,
    roll_call,
    session_by_code,
    sessions_of,
    voted_so_far,
)
from qiao.decide.congress.queries.shell import (
    desk_doors,
    desk_items,
    open_items,
    own_items,
    receipt_state,
    stations,
    unit_doors,
    unit_panels,
)
from qiao.decide.congress.queries.terms import (
    Standing,
    congress_by_code,
    congresses_for,
    own_congresses,
    quota_table,
    seats_held,
    standing,
)

__all__ = [
    "Measures", "Standing", "affair_by_code", "affairs_of", "calls_of", "congress_by_code", "congresses_for",
    "desk_doors", "desk_items", "hall_of", "has_seconded", "has_signed", "has_voted", "is_maker", "is_there",
    "item_by_code", "items_of", "ledger_entries", "makers_shown", "may_read", "may_see_text", "measures", "needed_for",
    "next_sessions", "open_items", "overdue", "own_congresses", "own_items", "proposal_by_code", "proposals_for",
    "questions_of", "quota_table", "receipt_state", "resolutions", "result_of", "roll_call", "seats_held",
    "session_by_code", "sessions_of", "standing", "stations", "unit_doors", "unit_panels", "voted_so_far",
]  # fmt: skip
