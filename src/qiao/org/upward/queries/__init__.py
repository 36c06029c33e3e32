"""Reads of papers upward and of the register of reports."""

from __future__ import annotations

from qiao.org.upward.queries.papers import (
    PAGE,
    may_read,
    measures_of,
    paper_for,
    papers_for,
    papers_per_base,
    run_out,
    units_to_draft_for,
)
from qiao.org.upward.queries.register import Burden, asked_of_unit, burden_of, demands, units_to_demand_for
from qiao.org.upward.queries.shell import desk_doors, desk_items, unit_panels

__all__ = [
    "PAGE",
    "Burden",
    "asked_of_unit",
    "burden_of",
    "demands",
    "desk_doors",
    "desk_items",
    "may_read",
    "measures_of",
    "paper_for",
    "papers_for",
    "papers_per_base",
    "run_out",
    "unit_panels",
    "units_to_demand_for",
    "units_to_draft_for",
]
