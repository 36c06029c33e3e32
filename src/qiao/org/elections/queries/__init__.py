"""Reading elections and petitions, and the overdue boards."""

from __future__ import annotations

from qiao.org.elections.queries.boards import (
    Board,
    OverdueRow,
    VacancyRow,
    overdue_board,
    overdue_counts,
    vacancies,
)
from qiao.org.elections.queries.desk import desk_items
from qiao.org.elections.queries.reading import (
    candidates_of,
    confirmed_elsewhere,
    delegates_wanted,
    election_by_code,
    elections_of,
    hands_in,
    has_signed,
    may_confirm,
    petition_by_code,
    petitions_of,
    recallable_mandates,
    signatures_text,
    steps_of,
)
from qiao.org.elections.queries.shell import (
    open_items,
    receipt_state,
    unit_doors,
    unit_panels,
)

__all__ = [
    "Board",
    "OverdueRow",
    "VacancyRow",
    "candidates_of",
    "confirmed_elsewhere",
    "delegates_wanted",
    "desk_items",
    "election_by_code",
    "elections_of",
    "hands_in",
    "has_signed",
    "may_confirm",
    "open_items",
    "overdue_board",
    "overdue_counts",
    "petition_by_code",
    "petitions_of",
    "recallable_mandates",
    "receipt_state",
    "signatures_text",
    "steps_of",
    "unit_doors",
    "unit_panels",
    "vacancies",
]
