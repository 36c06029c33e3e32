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
from qiao.org.elections.queries.reading import (
    candidates_of,
    election_by_code,
    elections_of,
    has_signed,
    heads,
    petition_by_code,
    petitions_of,
    recallable_mandates,
    steps_of,
)
from qiao.org.elections.queries.shell import (
    desk_items,
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
    "desk_items",
    "election_by_code",
    "elections_of",
    "has_signed",
    "heads",
    "open_items",
    "overdue_board",
    "overdue_counts",
    "petition_by_code",
    "petitions_of",
    "recallable_mandates",
    "receipt_state",
    "steps_of",
    "unit_doors",
    "unit_panels",
    "vacancies",
]
