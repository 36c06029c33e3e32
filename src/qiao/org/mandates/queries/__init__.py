"""Reading committees, terms and mandates."""

from __future__ import annotations

from qiao.org.mandates.queries.desk import desk_items, own_doors, unit_doors
from qiao.org.mandates.queries.panel import unit_panels
from qiao.org.mandates.queries.posts import (
    FulltimeChair,
    committees_of,
    former_mandates,
    fulltime_chair,
    mandate_of,
    mandates_of,
    representative_of,
    representatives_of,
)
from qiao.org.mandates.queries.reach import Reach, last_tests, reachable
from qiao.org.mandates.queries.terms import current_term, in_term, overdue_terms, running_terms, terms_of
from qiao.org.mandates.queries.testing import TestFigures, test_contact, test_contacts, test_figures, test_round

__all__ = [
    "FulltimeChair",
    "Reach",
    "TestFigures",
    "committees_of",
    "current_term",
    "desk_items",
    "former_mandates",
    "fulltime_chair",
    "in_term",
    "last_tests",
    "mandate_of",
    "mandates_of",
    "overdue_terms",
    "own_doors",
    "reachable",
    "representative_of",
    "representatives_of",
    "running_terms",
    "terms_of",
    "test_contact",
    "test_contacts",
    "test_figures",
    "test_round",
    "unit_doors",
    "unit_panels",
]
