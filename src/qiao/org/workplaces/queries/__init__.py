"""Reading employers."""

from __future__ import annotations

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
    links_of,
    unit_for,
)

__all__ = [
    "EmployerPage",
    "employer_by_code",
    "employer_by_reg_code",
    "employer_page",
    "employers_at",
    "employers_of",
    "find_employers",
    "headcount_on",
    "headcounts_of",
    "links_of",
    "unit_for",
]
