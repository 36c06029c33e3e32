"""Reading coverage, outreach and targets."""

from __future__ import annotations

from qiao.org.coverage.queries.desk import desk_doors, desk_items, unit_doors, unit_panels
from qiao.org.coverage.queries.outreach import (
    Board,
    all_leads,
    board_of,
    campaign_by_code,
    campaigns_at,
    lead_page,
    new_employers_without,
)
from qiao.org.coverage.queries.pages import (
    CoveragePage,
    Line,
    Totals,
    all_union_tests,
    coverage_of,
    coverage_page,
    members_hidden,
    over_page,
    scope_of,
    trend_of,
    union_tests_page,
)
from qiao.org.coverage.queries.targets import TargetView, chain_of, target_by_code, targets_at

__all__ = [
    "Board",
    "CoveragePage",
    "Line",
    "TargetView",
    "Totals",
    "all_leads",
    "all_union_tests",
    "board_of",
    "campaign_by_code",
    "campaigns_at",
    "chain_of",
    "coverage_of",
    "coverage_page",
    "desk_doors",
    "desk_items",
    "lead_page",
    "members_hidden",
    "new_employers_without",
    "over_page",
    "scope_of",
    "target_by_code",
    "targets_at",
    "trend_of",
    "union_tests_page",
    "unit_doors",
    "unit_panels",
]
