"""Reading employers."""

from __future__ import annotations

from qiao.org.workplaces.queries.desk import desk_items
from qiao.org.workplaces.queries.employers import (
    EmployerPage,
    employer_by_code,
    employer_by_reg_code,
    employer_page,
    employers_at,
    employers_of,
    find_employers,
    headcount_on,
    headcounts_of,
    known_to_proposals,
    links_of,
    unit_for,
)
from qiao.org.workplaces.queries.imports import batch_by_code, batches_of, staged_rows

__all__ = [
    "EmployerPage",
    "batch_by_code",
    "batches_of",
    "desk_items",
    "employer_by_code",
    "employer_by_reg_code",
    "employer_page",
    "employers_at",
    "employers_of",
    "find_employers",
    "headcount_on",
    "headcounts_of",
    "known_to_proposals",
    "links_of",
    "staged_rows",
    "unit_for",
]
